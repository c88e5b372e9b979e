"""How a build is spread, remembered and published."""

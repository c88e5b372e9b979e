"""Files written for contributors and with them."""

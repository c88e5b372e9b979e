"""From a KnowledgeBase to one frozen view per page kind: plain data, no HTML and no paths."""

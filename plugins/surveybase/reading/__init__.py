"""From files to a KnowledgeBase: sources, documents, schema, knowledge."""

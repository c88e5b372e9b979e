"""surveybase: a knowledge base of community survey reports, built as a static site."""

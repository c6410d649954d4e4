"""The demo: a local stack of real servers, and the sample data they hold."""

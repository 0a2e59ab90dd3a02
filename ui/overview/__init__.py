"""The overview: the office's work in plots that people can read and take with them."""

"""One place to ask several plants: foreign tables of `postgres_fdw` over each site's marts, and one schema `marts` over them."""

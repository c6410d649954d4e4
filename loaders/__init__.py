"""Thin dlt loaders: they copy the factory's FTP server and ERP into the raw schema, and interpret nothing."""

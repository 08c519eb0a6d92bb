"""Data files that everybody downloads: what is publicly known of their size stands in for the files, which are not here."""

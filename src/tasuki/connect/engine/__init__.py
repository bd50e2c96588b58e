"""From rows of files to records: values, links, histories, and what is wrong."""

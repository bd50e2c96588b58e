"""The process as people change it: drafts, differences, versions."""

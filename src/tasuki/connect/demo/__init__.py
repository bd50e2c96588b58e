"""The demo company: eighteen months of one believable Japanese B2B SaaS business, generated."""

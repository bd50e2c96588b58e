"""What every screen is made of: base templates, components, styles and scripts."""

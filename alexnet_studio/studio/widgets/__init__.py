"""Small widgets that know no domain words."""

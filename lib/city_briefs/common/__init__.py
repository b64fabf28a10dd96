"""What anyone may import: errors, paths, regions, periods, files, the theme."""

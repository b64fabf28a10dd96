"""What a PDF looks like on its pages: the words of each line, how far a page is filled, which tables go on."""

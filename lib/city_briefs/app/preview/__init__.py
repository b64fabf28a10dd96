"""The preview of a chapter: its set pages as it stands, in a browser, made again whenever the chapter is saved."""

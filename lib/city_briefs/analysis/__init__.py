"""From files to blocks: what is counted, compared, judged, drawn and shown."""

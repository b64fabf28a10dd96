"""From executed notebooks to documents: bound into one, then set as HTML, PDF, XLSX or DOCX by nbconvert exporters."""

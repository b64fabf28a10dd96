-- What Typst cannot reach stands as its words: pictures in files or attachments, links to places in the page or to programs.
function Image(image)
  return #image.caption > 0 and image.caption or pandoc.Str("图")
end

function Link(link)
  local scheme = link.target:lower():match("^(%a+):")
  if scheme ~= "http" and scheme ~= "https" and scheme ~= "mailto" then return link.content end
end

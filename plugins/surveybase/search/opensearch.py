"""The OpenSearch description: with it a browser offers the site among its search engines."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
LONGEST_NAME = 16  # characters, says the specification


def description(name: str, site_url: str, search_page: str) -> bytes:
    """The description of a site; ``search_page`` is the address of its search page below ``site_url``."""
    root = Element("OpenSearchDescription", {"xmlns": NAMESPACE})
    SubElement(root, "ShortName").text = name[:LONGEST_NAME]
    SubElement(root, "Description").text = f"在{name}里搜索问题、对策、报告和社区"
    SubElement(root, "InputEncoding").text = "UTF-8"
    SubElement(root, "Language").text = "zh-CN"
    address = f"{site_url.rstrip('/')}/{search_page}?q={{searchTerms}}"
    SubElement(root, "Url", {"type": "text/html", "method": "get", "template": address})
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content

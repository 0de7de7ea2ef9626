package dev.keyturn.given;

import java.net.URI;

/** Where a server is. */
public interface Place {
  /** A URL below the issuer. */
  URI url(String path);

  /** A URL below what browsers take for the issuer. */
  URI browserUrl(String path);

  /** The MCP URL, which is the resource too. */
  URI mcp();
}

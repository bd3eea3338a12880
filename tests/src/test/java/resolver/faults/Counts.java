package resolver.faults;

/**
 * What has come to a proxy.
 *
 * @param datagrams queries over UDP, lost ones too
 * @param messages what clients sent over TCP: DNS messages, or records where it was TLS
 * @param connections over TCP
 * @param lost datagrams that vanished, of both sides
 * @param replies queries that the proxy answered itself
 * @param resets connections that it reset
 */
public record Counts(
    long datagrams, long messages, long connections, long lost, long replies, long resets) {

  /** How many queries a plain server would have had. */
  public long queries() {
    return datagrams + messages;
  }
}

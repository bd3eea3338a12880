package resolver.policy;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Type;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.query.SuffixMap;

/**
 * What a hosts file says. Immutable; any thread may call.
 *
 * <p>It speaks of addresses and, the other way round, of names; what else DNS has of its names is
 * left to DNS. But where a name has addresses of one family alone, it has none of the other here,
 * and no HTTPS records, which may contain addresses (RFC 9460 section 7.3): else clients would use
 * those that the file is meant to replace.
 */
final class HostsTable {
  private final SuffixMap<Host> hosts;
  private final SuffixMap<Answer> reverse;
  private final int size;

  /**
   * A name of the file.
   *
   * @param four its IPv4 addresses; null where it has none
   * @param six its IPv6 addresses; null where it has none
   * @param nodata says that it exists, and no more; null where the file does not have the last word
   */
  record Host(@Nullable Answer four, @Nullable Answer six, @Nullable Answer nodata) {}

  /**
   * A table.
   *
   * @param reverse the names of addresses, by the names of their PTR records
   * @param size how many names there are
   */
  HostsTable(SuffixMap<Host> hosts, SuffixMap<Answer> reverse, int size) {
    this.hosts = hosts;
    this.reverse = reverse;
    this.size = size;
  }

  /** The answer, or null where the question goes on its way. */
  @Nullable Answer answer(Question question) {
    return switch (question.type()) {
      case Type.A, Type.AAAA, Type.HTTPS -> ofHost(hosts.exact(question), question.type());
      case Type.PTR -> reverse.exact(question);
      default -> null;
    };
  }

  private static @Nullable Answer ofHost(@Nullable Host host, int type) {
    if (host == null) {
      return null;
    }
    Answer addresses =
        switch (type) {
          case Type.A -> host.four();
          case Type.AAAA -> host.six();
          default -> null;
        };
    return addresses == null ? host.nodata() : addresses;
  }

  /** That the question's name exists and has no records of the type, if it is in the file. */
  @Nullable Answer nodata(Question question) {
    Host host = hosts.exact(question);
    return host == null ? null : host.nodata();
  }

  /** How many names there are. */
  int size() {
    return size;
  }
}

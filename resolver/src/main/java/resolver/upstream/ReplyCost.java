package resolver.upstream;

import org.xbill.DNS.Type;
import resolver.wire.Octets;

/**
 * Tells what parsing a response would cost, before it is parsed: by the labels of all its names
 * when their compression is undone. Two octets can stand for a name of 127 labels, so neither a
 * message's length nor its number of records bounds the work. A pointer to a pointer, which no
 * server has a reason to write, counts as a label: there may be thousands in a row.
 */
final class ReplyCost {
  private static final int HEADER = 12;
  private static final int MOST_LABELS = 127;
  private static final int MOST_OCTETS = 255;

  /** Parsing a larger message could keep an event loop for more than a moment. */
  private static final int LARGE = 4096;

  /** So could one of more records, or of more labels in all. */
  private static final int MANY = 32;

  private static final int LONG = 1000;

  private final byte[] reply;
  private final int limit;
  private int labels;

  private ReplyCost(byte[] reply, int limit) {
    this.reply = reply;
    this.limit = limit;
  }

  /**
   * Whether a message may be parsed on an event loop, which takes well below a millisecond then.
   *
   * @param message with a whole header
   */
  static boolean isSmall(byte[] message) {
    return message.length <= LARGE && records(message) <= MANY && labels(message, LONG) <= LONG;
  }

  private static int records(byte[] message) {
    return Octets.u16(message, 6) + Octets.u16(message, 8) + Octets.u16(message, 10);
  }

  /**
   * The labels of all names, or something above the limit as soon as that is passed. Where the
   * message is broken, those before that place; what comes behind it is not going to be parsed.
   */
  static int labels(byte[] reply, int limit) {
    ReplyCost cost = new ReplyCost(reply, limit);
    cost.count();
    return cost.labels;
  }

  private void count() {
    if (reply.length < HEADER) {
      return;
    }
    int at = HEADER;
    for (int i = Octets.u16(reply, 4); i > 0 && at >= 0 && labels <= limit; i--) {
      at = fixed(name(at), 4);
    }
    for (int i = records(reply); i > 0 && at >= 0 && labels <= limit; i--) {
      at = record(at);
    }
  }

  /** Where the next record begins, or less than 0 where there is none. */
  private int record(int start) {
    int at = name(start);
    int data = fixed(at, 10);
    if (data < 0) {
      return -1;
    }
    int length = Octets.u16(reply, at + 8);
    int end = fixed(data, length);
    if (end >= 0) {
      namesIn(Octets.u16(reply, at), data, length);
    }
    return end;
  }

  private void namesIn(int type, int data, int length) {
    switch (type) {
      case Type.NS, Type.MD, Type.MF, Type.CNAME, Type.MB, Type.MG, Type.MR, Type.PTR -> name(data);
      case Type.DNAME, Type.NSEC, Type.NXT -> name(data);
      case Type.SOA, Type.MINFO, Type.RP -> name(name(data));
      case Type.MX, Type.AFSDB, Type.RT, Type.KX, Type.SVCB, Type.HTTPS -> name(fixed(data, 2));
      case Type.PX -> name(name(fixed(data, 2)));
      case Type.SRV -> name(fixed(data, 6));
      case Type.SIG, Type.RRSIG -> name(fixed(data, 18));
      // Their names stand where only a parser finds them.
      case Type.NAPTR, Type.IPSECKEY, Type.A6 -> labels += length / 2 + MOST_LABELS;
      default -> {
        // No names that a parser would read.
      }
    }
  }

  private int fixed(int at, int length) {
    return at < 0 || at + length > reply.length ? -1 : at + length;
  }

  /** Counts a name's labels, and tells where it ends, or less than 0 where it is broken. */
  private int name(int start) {
    int end = -1;
    int octets = 1;
    int at = start;
    while (at >= 0 && at < reply.length && octets <= MOST_OCTETS) {
      int length = reply[at] & 0xff;
      if (length == 0) {
        return end < 0 ? at + 1 : end;
      }
      if (length < 0x40) {
        labels++;
        octets += 1 + length;
        at += 1 + length;
      } else if (length >= 0xc0 && at + 1 < reply.length) {
        int target = Octets.u16(reply, at) & 0x3fff;
        end = end < 0 ? at + 2 : end;
        labels += target < at && (reply[target] & 0xff) >= 0xc0 ? 1 : 0;
        // Pointers point back; one that leads to itself again has passed labels in between.
        at = target < at ? target : -1;
      } else {
        return -1;
      }
    }
    return -1;
  }
}

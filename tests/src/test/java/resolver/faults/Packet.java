package resolver.faults;

import java.util.Arrays;

/** A DNS message as far as a proxy reads it. */
final class Packet {
  private static final int HEADER = 12;
  private static final int TC = 0x02;
  private static final int TYPE_A = 1;

  /** A pointer to the question's name, A, IN, 300 s, 192.0.2.1. */
  private static final byte[] RECORD = {
    (byte) 0xc0, HEADER, 0, TYPE_A, 0, 1, 0, 0, 1, 44, 0, 4, (byte) 192, 0, 2, 1
  };

  private Packet() {}

  static boolean isMessage(byte[] packet) {
    return packet.length >= HEADER;
  }

  static int id(byte[] packet) {
    return (packet[0] & 0xff) << 8 | (packet[1] & 0xff);
  }

  static void setId(byte[] packet, int id) {
    packet[0] = (byte) (id >> 8);
    packet[1] = (byte) id;
  }

  /** The same number for the same name and type, whatever the letters, flags and options are. */
  static long question(byte[] packet) {
    long hash = 0xcbf29ce484222325L;
    int end = questionEnd(packet);
    for (int at = HEADER; at < end; at++) {
      int octet = packet[at] >= 'A' && packet[at] <= 'Z' ? packet[at] + 32 : packet[at];
      hash = (hash ^ (octet & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }

  /** A response to a query, without records. */
  static byte[] response(byte[] query, Faults.Reply reply) {
    byte[] response = Arrays.copyOf(query, questionEnd(query));
    response[2] = (byte) (0x80 | (query[2] & 0x79));
    if (reply == Faults.Reply.TRUNCATED) {
      response[2] |= TC;
    }
    response[3] = (byte) (0x80 | reply.rcode());
    Arrays.fill(response, 6, HEADER, (byte) 0);
    return response;
  }

  /** A response to a query: 192.0.2.1 to one for A, no records to another. */
  static byte[] answer(byte[] query) {
    byte[] bare = response(query, Faults.Reply.TRUNCATED);
    bare[2] &= (byte) ~TC;
    if (bare[bare.length - 3] != TYPE_A || bare[bare.length - 4] != 0) {
      return bare;
    }
    byte[] answer = Arrays.copyOf(bare, bare.length + RECORD.length);
    System.arraycopy(RECORD, 0, answer, bare.length, RECORD.length);
    answer[7] = 1;
    return answer;
  }

  /** Where the first question ends, or the packet does. */
  private static int questionEnd(byte[] packet) {
    int at = HEADER;
    while (at < packet.length && packet[at] != 0) {
      at += 1 + (packet[at] & 0xff);
    }
    return Math.min(packet.length, at + 5);
  }
}

package resolver.query;

import io.netty.buffer.ByteBuf;

/** What a response repeats of its query, and what it has to heed. */
public interface AsAsked {
  /** The ID to answer with. */
  int id();

  /** The flags of the header, as a number of 16 bits. */
  int flags();

  /** The length of the question section in octets. */
  int askedLength();

  /** Appends the question section in the client's own spelling. */
  void writeQuestion(ByteBuf out);

  /** Whether the client sent an OPT record, and so gets one (RFC 6891 section 6.1.1). */
  boolean edns();

  /** The DO bit: the client takes DNSSEC's records (RFC 3225). */
  boolean dnssecOk();

  /** The largest response that may be sent, in octets. */
  int limit();

  /** The octets of the EDNS options that this client gets, whatever the answer. */
  default int optionsLength() {
    return 0;
  }

  /** Appends those options. */
  default void writeOptions(ByteBuf out) {}

  /** RD: recursion is desired. */
  default boolean recursionDesired() {
    return (flags() & 0x0100) != 0;
  }

  /** Whether the client wants to know if the answer is authentic: AD or DO (RFC 6840, 5.7). */
  default boolean wantsAuthenticity() {
    return dnssecOk() || (flags() & 0x0020) != 0;
  }

  /** The flags that a response repeats: opcode, RD and CD. */
  default int repeatedFlags() {
    return flags() & 0x7910;
  }
}

package resolver.upstream;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Type;
import resolver.query.Question;
import resolver.query.TtlLimits;
import resolver.wire.Octets;
import resolver.wire.QueryView;
import resolver.wire.ResponseImage;

/**
 * The short way through the most frequent kind of response: records of the type asked, under the
 * name asked, whose data has no names; beside them nothing but what is dropped anyway. From octets
 * to octets, without taking the records apart.
 *
 * <p>Its law: it gives what {@link CleanReply} gives, or nothing. Whatever is in the least unusual,
 * it leaves to that.
 */
final class PlainReply {
  private static final int FIXED = 10;
  private static final int MOST_RECORDS = 32;
  private static final int MOST_OCTETS = 4096;
  private static final int MOST_NAME = 255;
  private static final int POINTER = 0xc0;
  private static final int TO_QUESTION = 0xc00c;
  private static final int EDE = 15;

  private final Question question;
  private final byte[] message;
  private final int recordsAt;

  private PlainReply(Question question, byte[] message) {
    this.question = question;
    this.message = message;
    this.recordsAt = QueryView.HEADER + question.length();
  }

  /**
   * What {@link CleanReply} would make of a response, or null where that has to say.
   *
   * @param message a response with RCODE 0 in its header that repeats the question
   */
  static @Nullable CleanReply read(Question question, byte[] message, TtlLimits limits) {
    return hasPlainType(question) && hasPlainHeader(message)
        ? new PlainReply(question, message).read(limits)
        : null;
  }

  /**
   * Types whose data has no names, and which neither alias nor DNSSEC gives a meaning of its own.
   */
  private static boolean hasPlainType(Question question) {
    return question.nameLength() > 1
        && switch (question.type()) {
          case Type.A, Type.AAAA, Type.TXT, Type.CAA, Type.DS, Type.DNSKEY, Type.SSHFP, Type.TLSA ->
              true;
          default -> false;
        };
  }

  private static boolean hasPlainHeader(byte[] message) {
    int answers = Octets.u16(message, 6);
    int others = Octets.u16(message, 8) + Octets.u16(message, 10);
    return message.length <= MOST_OCTETS
        && (message[3] & 15) == 0
        && Octets.u16(message, 4) == 1
        && answers > 0
        && answers + others <= MOST_RECORDS;
  }

  private @Nullable CleanReply read(TtlLimits limits) {
    int answers = Octets.u16(message, 6);
    int authorities = Octets.u16(message, 8);
    int at = recordsAt;
    int length = 0;
    long ttl = Long.MAX_VALUE;
    for (int i = 0; i < answers; i++) {
      int fixed = answerOwner(at);
      at = fixed < 0 ? -1 : end(fixed);
      if (at < 0 || !isAnswer(fixed, at)) {
        return null;
      }
      ttl = Math.min(ttl, Octets.i32(message, fixed + 4) & 0xffffffffL);
      length += 2 + at - fixed;
    }
    for (int i = authorities + Octets.u16(message, 10); i > 0; i--) {
      int fixed = name(at);
      int end = fixed < 0 ? -1 : end(fixed);
      if (end < 0
          || !(i > Octets.u16(message, 10) ? isNs(fixed, end) : isDropped(at, fixed, end))) {
        return null;
      }
      at = end;
    }
    if (at != message.length) {
      return null;
    }
    int kept = limits.positive(ttl);
    ResponseImage image = image(answers, length, kept);
    return new CleanReply(image, image, kept);
  }

  /** All answers, each under a pointer to the question's name. */
  private ResponseImage image(int answers, int length, int ttl) {
    byte[] octets = new byte[length + 2 * answers];
    int from = recordsAt;
    int to = 0;
    for (int i = 0; i < answers; i++) {
      int fixed = answerOwner(from);
      int end = end(fixed);
      Octets.putU16(octets, to, TO_QUESTION);
      System.arraycopy(message, fixed, octets, to + 2, end - fixed);
      Octets.putI32(octets, to + 6, ttl);
      Octets.putU16(octets, length + 2 * i, to + 6);
      to += 2 + end - fixed;
      from = end;
    }
    return ResponseImage.ofAnswers(octets, length, answers);
  }

  /** Where the owner's name ends that is the name asked, or -1. */
  private int answerOwner(int at) {
    if (at + 2 <= message.length && Octets.u16(message, at) == TO_QUESTION) {
      return at + 2;
    }
    int end = at + question.nameLength();
    return end <= message.length && question.hasNameAt(message, at) ? end : -1;
  }

  /** Where a record ends, or -1 where it is not whole. */
  private int end(int fixed) {
    if (fixed + FIXED > message.length) {
      return -1;
    }
    int end = fixed + FIXED + Octets.u16(message, fixed + 8);
    return end <= message.length ? end : -1;
  }

  private boolean isAnswer(int fixed, int end) {
    return Octets.u16(message, fixed) == question.type()
        && Octets.u16(message, fixed + 2) == question.dnsClass()
        && hasLengthOfType(fixed, end);
  }

  private boolean hasLengthOfType(int fixed, int end) {
    int length = end - fixed - FIXED;
    return switch (Octets.u16(message, fixed)) {
      case Type.A -> length == 4;
      case Type.AAAA -> length == 16;
      default -> true;
    };
  }

  private boolean isNs(int fixed, int end) {
    return Octets.u16(message, fixed) == Type.NS && name(fixed + FIXED) == end;
  }

  /** Addresses of servers, and an OPT that tells nothing. */
  private boolean isDropped(int start, int fixed, int end) {
    int type = Octets.u16(message, fixed);
    if (type == Type.OPT) {
      return fixed == start + 1 && message[fixed + 4] == 0 && hasNoError(fixed + FIXED, end);
    }
    return (type == Type.A || type == Type.AAAA)
        && Octets.u16(message, fixed + 2) == DClass.IN
        && hasLengthOfType(fixed, end);
  }

  private boolean hasNoError(int from, int end) {
    int at = from;
    while (at + 4 <= end && Octets.u16(message, at) != EDE) {
      at += 4 + Octets.u16(message, at + 2);
    }
    return at == end;
  }

  /** Where a name ends, or -1 where it is broken, too long, or points to anywhere but back. */
  private int name(int start) {
    int end = -1;
    int at = start;
    int octets = 0;
    while (at < message.length) {
      int label = message[at] & 0xff;
      if (label >= POINTER) {
        int target = at + 1 < message.length ? Octets.u16(message, at) & 0x3fff : at;
        end = end < 0 ? at + 2 : end;
        if (target >= at) {
          return -1;
        }
        at = target;
      } else {
        octets += 1 + label;
        at += 1 + label;
        if (label > 63 || octets > MOST_NAME) {
          return -1;
        }
        if (label == 0) {
          return end < 0 ? at : end;
        }
      }
    }
    return -1;
  }
}

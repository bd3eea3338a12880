package resolver.policy;

import io.netty.util.NetUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Type;
import resolver.query.Answer;
import resolver.query.SuffixMap;
import resolver.wire.ExtendedError;
import resolver.wire.Names;

/**
 * Reads the text of a hosts file: on each line an address, then its names; what follows a # is a
 * comment.
 *
 * <ul>
 *   <li>All addresses of a name are its answer, in the order of the file.
 *   <li>The first name that is given to an address is what its PTR record says.
 *   <li>What cannot be read is left out and told; the rest of the file holds.
 * </ul>
 */
final class HostsReader {
  /** In seconds; the file may change at any time. */
  private static final int TTL = Negatives.CHANGING;

  /** Of one family for one name; far more than any client uses. */
  private static final int MOST_ADDRESSES = 100;

  private static final int LONGEST_TOLD = 40;
  private static final byte[] LOCALHOST = LocalImage.wire("localhost.");
  private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

  private final ExtendedError why;
  private final List<String> problems = new ArrayList<>();
  private final Map<Key, Addresses> hosts = new LinkedHashMap<>();
  private final Map<Key, byte[]> firstNames = new LinkedHashMap<>();
  private final Map<Key, Answer> sharedAnswers = new HashMap<>();

  /** Octets that are equal where they are the same; not to be written to. */
  private static final class Key {
    final byte[] octets;

    Key(byte[] octets) {
      this.octets = octets;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(octets);
    }
  }

  private static final class Addresses {
    final List<byte[]> four = new ArrayList<>(1);
    final List<byte[]> six = new ArrayList<>(0);
  }

  private HostsReader(String file) {
    this.why = new ExtendedError(ExtendedError.OTHER, "from " + file);
  }

  /**
   * What was read.
   *
   * @param problems what was left out, a sentence each, in the order of the lines
   */
  record Read(HostsTable table, List<String> problems) {}

  /**
   * Reads a text.
   *
   * @param file what the answers say that they come from
   */
  static Read read(byte[] text, String file) {
    HostsReader reader = new HostsReader(file);
    reader.lines(new String(text, StandardCharsets.ISO_8859_1));
    return new Read(reader.table(), List.copyOf(reader.problems));
  }

  private void lines(String text) {
    int at = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length() : 0;
    for (int number = 1; at < text.length(); number++) {
      int end = text.indexOf('\n', at);
      end = end < 0 ? text.length() : end;
      line(text.substring(at, end), number);
      at = end + 1;
    }
  }

  private void line(String line, int number) {
    int comment = line.indexOf('#');
    String said = (comment < 0 ? line : line.substring(0, comment)).strip();
    if (said.isEmpty()) {
      return;
    }
    String[] words = said.split("\\s+");
    byte[] address = NetUtil.createByteArrayFromIpAddressString(words[0]);
    if (address == null || words[0].indexOf('%') >= 0 || words[0].startsWith("[")) {
      tell(number, words[0], "is no IP address");
      return;
    }
    if (words.length == 1) {
      tell(number, words[0], "has no name behind it");
    }
    for (int i = 1; i < words.length; i++) {
      byte[] name = name(words[i]);
      if (name == null) {
        tell(number, words[i], "is no host name");
      } else {
        add(number, words[i], name, address);
      }
    }
  }

  private void add(int number, String word, byte[] name, byte[] address) {
    firstNames.putIfAbsent(new Key(address), name);
    byte[] folded = name.clone();
    for (int i = 0; i < folded.length; i++) {
      folded[i] = Names.fold(folded[i]);
    }
    Addresses all = hosts.computeIfAbsent(new Key(folded), n -> new Addresses());
    List<byte[]> family = address.length == 4 ? all.four : all.six;
    if (family.stream().anyMatch(known -> Arrays.equals(known, address))) {
      return;
    }
    if (family.size() == MOST_ADDRESSES) {
      tell(number, word, "has more than " + MOST_ADDRESSES + " addresses");
      return;
    }
    family.add(address);
  }

  private void tell(int number, String word, String what) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < word.length() && i < LONGEST_TOLD; i++) {
      char c = word.charAt(i);
      shown.append(c > ' ' && c < 0x7f ? c : '?');
    }
    String rest = word.length() > LONGEST_TOLD ? "..." : "";
    problems.add("line " + number + ": \"" + shown + rest + "\" " + what + ": left out");
  }

  /** A host name as octets, in its own case, or null where it is none. */
  private static byte @Nullable [] name(String word) {
    String bare = word.endsWith(".") ? word.substring(0, word.length() - 1) : word;
    byte[] octets = new byte[bare.length() + 2];
    if (octets.length > Names.MAX_LENGTH || bare.isEmpty()) {
      return null;
    }
    int lengthAt = 0;
    for (int i = 0; i <= bare.length(); i++) {
      char c = i == bare.length() ? '.' : bare.charAt(i);
      if (c != '.') {
        if (!isPartOfALabel(c)) {
          return null;
        }
        octets[i + 1] = (byte) c;
        continue;
      }
      int length = i - lengthAt;
      if (length == 0 || length > Names.MAX_LABEL) {
        return null;
      }
      octets[lengthAt] = (byte) length;
      lengthAt = i + 1;
    }
    return octets;
  }

  /** The underscore stands in no host name, but in many a hosts file. */
  private static boolean isPartOfALabel(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  private HostsTable table() {
    Answer nodata =
        Answer.local(
            Rcode.NOERROR,
            new LocalImage().authority(null, LocalImage.soa(null, TTL)).build(),
            why);
    List<Map.Entry<byte[], HostsTable.Host>> names = new ArrayList<>(hosts.size());
    hosts.forEach(
        (name, all) ->
            names.add(
                Map.entry(
                    name.octets,
                    new HostsTable.Host(
                        addresses(Type.A, all.four),
                        addresses(Type.AAAA, all.six),
                        isLocalhost(name.octets) ? null : nodata))));
    List<Map.Entry<byte[], Answer>> reverse = new ArrayList<>(firstNames.size());
    firstNames.forEach(
        (address, name) ->
            reverse.add(
                Map.entry(
                    ReverseMap.fromAddress(address.octets).toWireCanonical(),
                    answer(Type.PTR, List.of(name)))));
    return new HostsTable(new SuffixMap<>(names), new SuffixMap<>(reverse), names.size());
  }

  /** Many a file has one of its two addresses alone; it has both (RFC 6761 section 6.3). */
  private static boolean isLocalhost(byte[] name) {
    int from = name.length - LOCALHOST.length;
    return from >= 0 && Arrays.equals(name, from, name.length, LOCALHOST, 0, LOCALHOST.length);
  }

  /** Files that block names give one address to a hundred thousand of them. */
  private @Nullable Answer addresses(int type, List<byte[]> data) {
    if (data.isEmpty()) {
      return null;
    }
    // The families cannot be taken for one another: 100 IPv4 addresses have as many octets as 25
    // IPv6 ones, so the type stands in front.
    ByteArrayOutputStream key = new ByteArrayOutputStream();
    key.write(type);
    data.forEach(key::writeBytes);
    return sharedAnswers.computeIfAbsent(new Key(key.toByteArray()), k -> answer(type, data));
  }

  private Answer answer(int type, List<byte[]> data) {
    return Answer.local(
        Rcode.NOERROR,
        new LocalImage().answer(null, new LocalImage.Rrset(type, TTL, data)).build(),
        why);
  }
}

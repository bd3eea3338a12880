package resolver.cli.doctor;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import resolver.settings.Addresses;

/** What a file in the form of resolv.conf(5) names. */
final class ResolvConf {
  private ResolvConf() {}

  /** The words behind {@code nameserver}; none where the file cannot be read. */
  static List<String> nameservers(Path file) {
    return SystemFile.lines(file).stream()
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words.length > 1 && words[0].equals("nameserver"))
        .map(words -> words[1])
        .toList();
  }

  /** Whether such a word is an address, and one of those that are looked for. */
  static boolean isOneOf(Predicate<InetSocketAddress> wanted, String word) {
    try {
      return wanted.test(Addresses.parse(word, 53));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}

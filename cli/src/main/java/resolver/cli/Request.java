package resolver.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * What the words of a command line ask for.
 *
 * @param name what is asked for
 * @param types as given, without doubles; what is usual for the name where none was given
 * @param bothAddresses whether no type was given and both kinds of addresses are wanted
 * @param server whom to ask; null means the daemon or this process
 */
record Request(Name name, List<Integer> types, boolean bothAddresses, @Nullable ServerWord server) {
  /** More would be a mistake. */
  private static final int MOST_TYPES = 16;

  Request {
    types = List.copyOf(types);
  }

  /**
   * Reads {@code NAME [TYPE...]} with {@code @SERVER} anywhere.
   *
   * @throws UsageException where they make no sense
   */
  static Request parse(List<String> words) {
    @Nullable ServerWord server = null;
    List<String> others = new ArrayList<>();
    for (String word : words) {
      if (!word.startsWith("@")) {
        others.add(word);
      } else if (server == null) {
        server = ServerWord.parse(word);
      } else {
        throw new UsageException("\"" + Safe.text(word) + "\" is the second server; ask one");
      }
    }
    if (others.isEmpty()) {
      throw new UsageException("what name? For example: resolve example.org MX");
    }
    refuseTypeBeforeName(others);
    NameWord name = NameWord.parse(others.get(0));
    List<Integer> types = types(others);
    if (!types.isEmpty()) {
      return new Request(name.name(), types, false, server);
    }
    return name.reverse()
        ? new Request(name.name(), List.of(Type.PTR), false, server)
        : new Request(name.name(), List.of(Type.A, Type.AAAA), true, server);
  }

  private static void refuseTypeBeforeName(List<String> words) {
    if (words.size() == 2 && TypeWord.isType(words.get(0)) && !TypeWord.isType(words.get(1))) {
      throw new UsageException(
          "the name comes first: resolve " + Safe.text(words.get(1)) + " " + words.get(0));
    }
  }

  private static List<Integer> types(List<String> words) {
    List<Integer> types = new ArrayList<>();
    for (String word : words.subList(1, words.size())) {
      if (word.indexOf('.') >= 0) {
        throw new UsageException(
            "\""
                + Safe.text(word)
                + "\" is a second name; ask one name at a time"
                + commandHint(words.get(0)));
      }
      int type = TypeWord.parse(word);
      if (!types.contains(type)) {
        types.add(type);
      }
    }
    if (types.size() > MOST_TYPES) {
      throw new UsageException(types.size() + " types (expected: at most " + MOST_TYPES + ")");
    }
    return types;
  }

  private static String commandHint(String first) {
    String command = Nearest.of(first, Commands.NAMES);
    return command.isEmpty() ? "" : "; or did you mean the command \"" + command + "\"?";
  }

  /** A question for each type, in their order. */
  List<Record> questions() {
    return types.stream().map(type -> Record.newRecord(name, type, DClass.IN)).toList();
  }
}

package resolver.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import resolver.settings.SettingException;

/** Finds the setting that each value of one source is meant for, and reads the value. */
final class Reading {
  private final List<Problem> problems;
  private final Map<Schema.Key, Input> inputs = new LinkedHashMap<>();

  Reading(List<Problem> problems) {
    this.problems = problems;
  }

  /** What could be read so far. */
  Map<Schema.Key, Input> inputs() {
    return inputs;
  }

  /** Takes a value that stands outside of every table, or the head of a table. */
  void takeTop(Place place, String name, Object raw) {
    if (Schema.table(name) == null) {
      boolean isTable = raw instanceof Map;
      problems.add(
          Problem.ofName(
              place,
              Raw.printable(name),
              isTable ? "unknown table" : "unknown setting",
              "one of the tables " + String.join(", ", Schema.tableNames()),
              isTable ? Nearest.of(name, Schema.tableNames()) : nearestKey("", name)));
    } else if (!(raw instanceof Map)) {
      problems.add(Problem.ofValue(place, name, Raw.tell(raw), "a table [" + name + "], once"));
    }
  }

  /** Takes a value that stands in a table; one of an unknown table was told with its head. */
  void take(Place place, String table, String name, Object raw) {
    if (Schema.table(table) != null) {
      Schema.Key key = find(place, table, name);
      if (key != null) {
        read(key, place, Raw.tell(raw), () -> key.kind().read(raw));
      }
    }
  }

  /** Takes what a flag gave. */
  void takeFlag(Flag flag) {
    Place place = new Place(flag.name(), 0);
    List<String> values = flag.values();
    Object told = values.size() == 1 ? values.get(0) : values;
    String[] parts = flag.key().split("\\.", 2);
    if (parts.length < 2) {
      takeTop(place, flag.key(), told);
      return;
    }
    Schema.Key key = find(place, parts[0], parts[1]);
    if (key != null) {
      read(key, place, Raw.tell(told), () -> key.kind().readFlag(values));
    }
  }

  private Schema.@Nullable Key find(Place place, String table, String name) {
    String dotted = table + '.' + name;
    Schema.Key key = Schema.key(dotted);
    if (key == null) {
      Schema.Table known = Schema.table(table);
      String expected =
          known == null
              ? "one of the tables " + String.join(", ", Schema.tableNames())
              : "one of " + String.join(", ", known.keyNames());
      problems.add(
          Problem.ofName(
              place, Raw.printable(dotted), "unknown setting", expected, nearestKey(table, name)));
    }
    return key;
  }

  private void read(Schema.Key key, Place place, String raw, Supplier<Object> value) {
    String told = tell(key, raw);
    try {
      inputs.put(key, new Input(place, told, value.get()));
    } catch (SettingException e) {
      problems.add(Problem.ofValue(place, key.dotted(), tell(key, e.found()), e.expected()));
    } catch (IllegalArgumentException e) {
      problems.add(Problem.ofValue(place, key.dotted(), told, String.valueOf(e.getMessage())));
    }
  }

  /** A secret with a slip in it is still most of the secret. */
  private static String tell(Schema.Key key, String found) {
    return key.kind().isSecret() ? SecretKind.NOT_TOLD : found;
  }

  /** A key of the same table with a name like this one, else one of any table. */
  private static String nearestKey(String table, String name) {
    Schema.Table own = Schema.table(table);
    String near = own == null ? "" : Nearest.of(name, own.keyNames());
    if (!near.isEmpty()) {
      return table + '.' + near;
    }
    List<String> names = new ArrayList<>(Schema.KEYS.stream().map(Schema.Key::name).toList());
    String anywhere = Nearest.of(name, names);
    return anywhere.isEmpty() ? "" : Schema.KEYS.get(names.indexOf(anywhere)).dotted();
  }
}

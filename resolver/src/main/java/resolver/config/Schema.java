package resolver.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tables and keys that a file may have, taken from the components of {@link Settings} and of
 * its sections. Reflection happens here and nowhere else.
 */
final class Schema {
  /** The tables in the order of the sections. */
  static final List<Table> TABLES =
      Arrays.stream(Settings.class.getRecordComponents()).map(Table::of).toList();

  /** The keys of all tables in order. */
  static final List<Key> KEYS = TABLES.stream().flatMap(table -> table.keys().stream()).toList();

  private Schema() {}

  static @Nullable Table table(String name) {
    return TABLES.stream().filter(t -> t.name().equals(name)).findFirst().orElse(null);
  }

  static @Nullable Key key(String dotted) {
    return KEYS.stream().filter(k -> k.dotted().equals(dotted)).findFirst().orElse(null);
  }

  static List<String> tableNames() {
    return TABLES.stream().map(Table::name).toList();
  }

  /** Settings made of their sections, in order. */
  static Settings settings(List<Object> sections) {
    return (Settings) construct(Settings.class, sections);
  }

  /**
   * A section of the settings.
   *
   * @param name its name in a file
   * @param component its place in {@link Settings}
   * @param keys its keys in order
   */
  record Table(String name, RecordComponent component, List<Key> keys) {
    private static Table of(RecordComponent component) {
      String name = kebab(component.getName());
      List<Key> keys =
          Arrays.stream(component.getType().getRecordComponents())
              .map(
                  c ->
                      new Key(name, kebab(c.getName()), component, c, Kinds.of(c.getGenericType())))
              .toList();
      return new Table(name, component, keys);
    }

    /** The section of some settings with some values in place of its own. */
    Object with(Settings base, Map<Key, Object> values) {
      Object section = get(component, base);
      List<Object> arguments = new ArrayList<>();
      for (Key key : keys) {
        Object value = values.get(key);
        arguments.add(value == null ? get(key.component(), section) : value);
      }
      return construct(component.getType(), arguments);
    }

    Object of(Settings settings) {
      return get(component, settings);
    }

    List<String> keyNames() {
      return keys.stream().map(Key::name).toList();
    }
  }

  /**
   * One setting.
   *
   * @param table the name of its table
   * @param name its name within the table
   * @param section the place of its section in {@link Settings}
   * @param component its place in the section
   * @param kind how it is read and written
   */
  record Key(
      String table, String name, RecordComponent section, RecordComponent component, Kind kind) {
    String dotted() {
      return table + '.' + name;
    }

    /** There is one of each; what a record does by itself would take long the first time. */
    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }

    Object of(Settings settings) {
      return get(component, get(section, settings));
    }
  }

  private static Object get(RecordComponent component, Object record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /** Calls the canonical constructor; throws what that throws. */
  private static Object construct(Class<?> type, List<Object> arguments) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(arguments.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new LinkageError(e.getMessage(), e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /** The spelling of a component in a file: {@code tcpIdle} becomes {@code tcp-idle}. */
  private static String kebab(String camel) {
    return camel.replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }
}

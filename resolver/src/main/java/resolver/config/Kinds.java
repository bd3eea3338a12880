package resolver.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.Name;
import resolver.cache.CacheRule;
import resolver.policy.LocalRecord;
import resolver.selection.FailOver;
import resolver.selection.Route;
import resolver.server.CookieSecrets;
import resolver.settings.Network;
import resolver.settings.Secret;
import resolver.settings.Words;
import resolver.upstream.BootstrapWord;
import resolver.upstream.Servers;

/** The kind of every type that a component of a settings record may have. */
final class Kinds {
  private static final Map<Type, Kind> PLAIN =
      Map.of(
          int.class, new Count(),
          long.class, new Size(),
          boolean.class, new Switch(),
          String.class, new Text(),
          Duration.class, new Time(),
          Servers.class, new ServersKind(),
          CookieSecrets.class, new SecretKind(CookieSecrets::parse, CookieSecrets.NONE),
          Secret.class, new SecretKind(Secret::new, Secret.NONE));

  private static final Map<Type, Kind> LISTS =
      Map.of(
          InetSocketAddress.class, ListKind.LISTEN,
          Network.class, ListKind.NETWORKS,
          CacheRule.class, ListKind.CACHE_RULES,
          Name.class, ListKind.NAMES,
          LocalRecord.class, ListKind.RECORDS,
          Route.class, ListKind.ROUTES,
          FailOver.class, ListKind.FAIL_OVER,
          BootstrapWord.class, ListKind.BOOTSTRAP);

  private Kinds() {}

  /**
   * Finds the kind of a type. An {@code int} is a number, a {@code long} a size in octets; the
   * others are what they are called.
   *
   * @throws IllegalStateException where there is none
   */
  static Kind of(Type type) {
    Kind kind = PLAIN.get(type);
    if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      kind = LISTS.get(list.getActualTypeArguments()[0]);
    } else if (type instanceof Class<?> choice && choice.isEnum()) {
      kind = Choice.of(choice);
    }
    if (kind == null) {
      throw new IllegalStateException("no kind of setting has the type " + type);
    }
    return kind;
  }

  private static final class Count implements Kind {
    /**
     * Narrows what does not fit, for every record checks its ranges, none of which reaches so far;
     * the record can tell the range and this class cannot.
     */
    @Override
    public Object read(Object raw) {
      if (raw instanceof Long number) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number));
      }
      boolean quoted = raw instanceof String text && rawOf(text) instanceof Long;
      throw new IllegalArgumentException(quoted ? "a number without quotes" : "a whole number");
    }

    @Override
    public Object rawOf(String text) {
      return text.matches("-?\\d{1,18}") ? (Object) Long.valueOf(text) : text;
    }

    @Override
    public String write(Object value) {
      return value.toString();
    }
  }

  private static final class Size implements Kind {
    @Override
    public Object read(Object raw) {
      if (raw instanceof Long octets) {
        return octets;
      }
      if (raw instanceof String text) {
        return Words.parseSize(text);
      }
      throw new IllegalArgumentException("a size such as \"64MiB\", or a whole number of octets");
    }

    @Override
    public String write(Object value) {
      return Raw.quote(Words.size((Long) value));
    }
  }

  private static final class Switch implements Kind {
    @Override
    public Object read(Object raw) {
      if (raw instanceof Boolean) {
        return raw;
      }
      throw new IllegalArgumentException("true or false");
    }

    @Override
    public Object rawOf(String text) {
      return text.equals("true") || text.equals("false") ? (Object) Boolean.valueOf(text) : text;
    }

    @Override
    public String write(Object value) {
      return value.toString();
    }
  }

  private static final class Text implements Kind {
    @Override
    public Object read(Object raw) {
      if (raw instanceof String) {
        return raw;
      }
      throw new IllegalArgumentException("a text in quotes");
    }

    @Override
    public String write(Object value) {
      return Raw.quote((String) value);
    }
  }

  private static final class Time implements Kind {
    @Override
    public Object read(Object raw) {
      if (raw instanceof String text) {
        return Words.parseDuration(text);
      }
      throw new IllegalArgumentException(
          "a duration in quotes such as \"500ms\", \"4.5s\", \"15m\", \"1h\" or \"1d\"");
    }

    @Override
    public String write(Object value) {
      return Raw.quote(Words.duration((Duration) value));
    }
  }
}

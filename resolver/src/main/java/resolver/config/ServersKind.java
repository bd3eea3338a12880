package resolver.config;

import java.util.List;
import resolver.upstream.Server;
import resolver.upstream.ServerWords;
import resolver.upstream.Servers;

/** The word {@code "auto"}, or a list of servers. */
final class ServersKind implements Kind {
  private static final ListKind<Server> SERVERS =
      new ListKind<>("a server", ServersKind::server, ServerWords::format);

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public Servers read(Object raw) {
    if (raw.equals("auto") || raw.equals(List.of("auto"))) {
      return Servers.AUTO;
    }
    if (!(raw instanceof String) && !(raw instanceof List<?> list && !list.isEmpty())) {
      throw new IllegalArgumentException("\"auto\", or a list of at least one server");
    }
    return new Servers(SERVERS.read(raw));
  }

  @Override
  public String write(Object value) {
    Servers servers = (Servers) value;
    return servers.isAuto() ? Raw.quote("auto") : SERVERS.write(servers.list());
  }

  private static List<Server> server(String text) {
    if (text.equals("auto")) {
      throw new IllegalArgumentException("either \"auto\" alone or servers alone");
    }
    return List.of(ServerWords.parse(text));
  }
}

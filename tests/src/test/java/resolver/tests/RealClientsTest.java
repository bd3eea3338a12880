package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import resolver.fixtures.Programs;
import resolver.settings.Addresses;

/**
 * Programs and libraries of everyday use resolve addresses, names of addresses, an RRset that needs
 * TCP, and a name that is not there, through us.
 */
class RealClientsTest {
  /** Java and the C library know no port but 53. */
  private static final InetSocketAddress PORT_53 = Addresses.parse("127.0.0.60", 53);

  private static final int NUMBER = 253;
  private static final String ORG = "real.example.org";
  private static final String SIGNED = "real.example.com";
  private static final String ADDRESS = "198.18." + NUMBER + ".9";
  private static final String REVERSE = "9." + NUMBER + ".18.198.in-addr.arpa";

  @TempDir static Path directory;
  private static @Nullable Nsd nsd;
  private static @Nullable Unbound unbound;
  private static @Nullable Serve serve;

  /** Clients that take a port, and how each says that a name is not there. */
  private enum Client {
    DIG("status: NXDOMAIN"),
    KDIG("status: NXDOMAIN"),
    DRILL("rcode: NXDOMAIN"),
    DELV("resolution failed: ncache nxdomain"),
    HOST("not found: 3(NXDOMAIN)"),
    NSLOOKUP("NXDOMAIN"),
    DNSPYTHON("no such name"),
    JNDI("no such name");

    private final String nothing;

    Client(String nothing) {
      this.nothing = nothing;
    }

    Ran ask(String name, String type) throws Exception {
      InetSocketAddress server = serve().address();
      String address = server.getAddress().getHostAddress();
      String port = Integer.toString(server.getPort());
      return switch (this) {
        case DIG -> run("dig", "@" + address, "-p", port, name, type);
        case KDIG -> run("kdig", "@" + address, "-p", port, name, type);
        // It leaves it to its user to ask again what was cut.
        case DRILL ->
            run("drill", type.equals("TXT") ? "-t" : "-u", "-p", port, name, "@" + address, type);
        // It is not to validate what nobody has signed.
        case DELV -> run("delv", "-i", "@" + address, "-p", port, name, type);
        case HOST -> run("host", "-p", port, "-t", type, name + ".", address);
        case NSLOOKUP -> run("nslookup", "-port=" + port, "-type=" + type, name + ".", address);
        case DNSPYTHON -> dnspython(address, port, name, type);
        case JNDI -> Ran.of(java("jndi", address + ":" + port, name, type), Map.of());
      };
    }
  }

  @BeforeAll
  static void start() throws Exception {
    World world = new World(directory, "real", NUMBER);
    nsd = Nsd.start(directory, world.zones());
    unbound = Unbound.asking(nsd, directory, world.zones().keySet(), "a." + ORG);
    Serve.Plan plan = Serve.in(directory).upstream(unbound.address());
    serve = (isRoot() ? plan.listen(PORT_53) : plan).start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (serve != null) {
      serve.close();
    }
    if (unbound != null) {
      unbound.close();
    }
    if (nsd != null) {
      nsd.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void aClientWithAPortOfItsOwn(Client client) throws Exception {
    assertThat(client.ask("a." + ORG, "A").said()).contains("192.0.2.1");
    assertThat(client.ask("aaaa." + ORG, "AAAA").said()).containsPattern("2001:db8:[0:]*:1\\b");
    assertThat(client.ask(REVERSE, "PTR").said()).contains("host." + ORG);
    assertThat(client.ask("alias." + ORG, "A").said()).contains("192.0.2.1");
    String big = client.ask("big." + ORG, "TXT").said();
    for (int i = 0; i < 40; i++) {
      assertThat(big).containsPattern("\\b" + i + " zzz");
    }
    assertThat(client.ask("nowhere." + ORG, "A").said()).contains(client.nothing);
  }

  /** The anchor is the zone's own key, so delv asks for all that it needs to check the answers. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a A, fully validated",
        "any.wild A, fully validated",
        "alias-wild A, fully validated",
        "deep.old A, fully validated",
        "nowhere A, negative response, fully validated",
        "a TXT, negative response, fully validated",
        "alias-nowhere A, fully validated",
        "ent A, negative response, fully validated",
      })
  void aClientThatValidates(String questionAndVerdict) throws Exception {
    String[] words = questionAndVerdict.split("[ ,]", 3);
    InetSocketAddress server = serve().address();

    Ran ran =
        run(
            "delv",
            "@" + server.getAddress().getHostAddress(),
            "-p",
            Integer.toString(server.getPort()),
            "-a",
            anchor().toString(),
            "+root=" + SIGNED,
            words[0] + "." + SIGNED,
            words[1]);

    assertThat(ran.said()).contains("; " + words[2].strip()).doesNotContain("unsigned");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "options",
        "options edns0 trust-ad",
        "options edns0 use-vc",
        "options single-request"
      })
  void theLibraryOfC(String options) throws Exception {
    Namespace namespace = namespace(options);

    assertThat(getent(namespace, "ahosts", "many-types." + ORG))
        .contains("192.0.2.2", "2001:db8::2");
    assertThat(getent(namespace, "ahostsv4", "alias." + ORG)).containsOnly("192.0.2.1");
    assertThat(getent(namespace, "ahostsv6", "aaaa." + ORG)).containsOnly("2001:db8::1");
    assertThat(getent(namespace, "ahosts", "big." + ORG)).hasSize(400);
    Ran nothing = namespace.run(List.of("getent", "ahosts", "nowhere." + ORG));
    assertThat(nothing.status()).as("not found").isEqualTo(2);
    Ran name = namespace.run(List.of("getent", "hosts", ADDRESS));
    assertThat(name.said()).contains("host." + ORG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"options", "options edns0 trust-ad"})
  void theLibraryOfJava(String options) throws Exception {
    Namespace namespace = namespace(options);

    assertThat(namespace.run(java("addresses", "many-types." + ORG)).out())
        .containsExactlyInAnyOrder("192.0.2.2", "2001:db8:0:0:0:0:0:2");
    assertThat(namespace.run(java("addresses", "big." + ORG)).out()).hasSize(400);
    assertThat(namespace.run(java("addresses", "nowhere." + ORG)).out())
        .containsExactly("no such name");
    assertThat(namespace.run(java("name", ADDRESS)).out()).containsExactly("host." + ORG);
  }

  @Test
  void hostAsTheMachineWouldRunIt() throws Exception {
    Ran ran =
        namespace("options edns0")
            .run(List.of(Programs.need("host").toString(), "many-types." + ORG));

    assertThat(ran.out())
        .contains("many-types." + ORG + " has address 192.0.2.2")
        .contains("many-types." + ORG + " has IPv6 address 2001:db8::2");
  }

  private static Serve serve() {
    return Objects.requireNonNull(serve);
  }

  private static Ran run(String program, String... arguments) throws Exception {
    return Ran.program(program, List.of(arguments));
  }

  private static List<String> java(String... arguments) throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path classes =
        Path.of(JavaClient.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> command = new ArrayList<>(List.of(java.toString(), "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", classes.toString(), JavaClient.class.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static Ran dnspython(String... arguments) throws Exception {
    Path python = Path.of("/usr/bin/python3");
    boolean there =
        Files.isExecutable(python)
            && Ran.of(List.of(python.toString(), "-c", "import dns.resolver"), Map.of()).status()
                == 0;
    Programs.need("dnspython for " + python, there);
    Path script = Path.of(RealClientsTest.class.getResource("/dnspython.py").toURI());
    List<String> command = new ArrayList<>(List.of(python.toString(), script.toString()));
    command.addAll(List.of(arguments));
    return Ran.of(command, Map.of());
  }

  /** The key of the signed zone as delv reads it. */
  private static Path anchor() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      Path key =
          files
              .filter(file -> file.getFileName().toString().matches("K" + SIGNED + ".*\\.key"))
              .findFirst()
              .orElseThrow();
      String[] dnskey = Files.readString(key).split("DNSKEY\\s+|;")[1].strip().split("\\s+", 4);
      return Files.writeString(
          directory.resolve("anchor"),
          "trust-anchors { %s. static-key %s %s %s \"%s\"; };\n"
              .formatted(SIGNED, dnskey[0], dnskey[1], dnskey[2], dnskey[3]));
    }
  }

  private static Namespace namespace(String options) throws Exception {
    String address = PORT_53.getAddress().getHostAddress();
    return Namespace.with(directory, "nameserver " + address, options);
  }

  /** The addresses that getent prints, each once. */
  private static Set<String> getent(Namespace namespace, String database, String name)
      throws Exception {
    Ran ran = namespace.run(List.of("getent", database, name));
    assertThat(ran.status()).as(ran.said()).isZero();
    return ran.out().stream().map(line -> line.split(" ")[0]).collect(Collectors.toSet());
  }

  private static boolean isRoot() throws Exception {
    return run("id", "-u").out().contains("0");
  }
}

package resolver.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import resolver.cli.doctor.Finding.Grade;
import resolver.config.Flag;
import resolver.config.Loaded;
import resolver.config.SettingsLoader;
import resolver.upstream.Server;

/** The doctor on a machine that is a directory, with servers that are scripts. */
class DoctorTest {
  private static final String SOCKETS =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
          + " inode\n";
  private static final Instant BUILT = Instant.parse("2026-11-22T00:00:00Z");
  private static final String SIGNATURE =
      "DNSKEY 8 0 300 20261220000000 20261120000000 20326 . AAAA";

  @TempDir Path root;

  private final Script servers = new Script();
  private Predicate<InetSocketAddress> hasRoute = address -> true;
  private Instant now = Instant.parse("2026-11-25T12:00:00Z");

  /** Answers as the test says, and notes what it was asked. */
  private static final class Script implements Prober {
    final List<String> asked = new ArrayList<>();
    String deafOver = "none";
    int rcode = Rcode.NOERROR;
    boolean largeOverUdp = true;

    @Override
    public Probed udp(Server server, Message query) {
      boolean large = query.getQuestion().getType() == Type.DNSKEY;
      if (large && !largeOverUdp) {
        asked.add("UDP " + server);
        return new Probed(null, 0, "", 0, "silent for 2s over UDP");
      }
      return answer("UDP", server, query);
    }

    @Override
    public Probed tcp(Server server, Message query) {
      return answer("TCP", server, query);
    }

    @Override
    public Probed encrypted(Server server, Message query) {
      return answer("TLS", server, query);
    }

    private Probed answer(String how, Server server, Message query) {
      asked.add(how + " " + server);
      if (deafOver.contains(how) || deafOver.contains(server.toString())) {
        return new Probed(null, 0, "", 0, "silent for 2s over " + how);
      }
      Message response = new Message(query.getHeader().getID());
      response.getHeader().setFlag(Flags.QR);
      response.getHeader().setRcode(rcode);
      response.addRecord(query.getQuestion(), Section.QUESTION);
      if (query.getQuestion().getType() == Type.DNSKEY) {
        response.addRecord(signature(), Section.ANSWER);
      }
      return new Probed(response, 1139, how, 17, "");
    }
  }

  private static Record signature() {
    try {
      return Record.fromString(Name.root, Type.RRSIG, DClass.IN, 300, SIGNATURE, Name.root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A machine where all is well. */
  @BeforeEach
  void aHealthyMachine() throws IOException {
    write("proc/net/udp", SOCKETS);
    write("proc/net/tcp", SOCKETS);
    write("proc/net/route", "eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n");
    write(
        "proc/self/limits", "Max open files            1048576              1048576      files\n");
    write("proc/sys/net/core/rmem_max", "8388608\n");
    write("etc/resolv.conf", "nameserver 127.0.0.1\n");
    write("etc/nsswitch.conf", "hosts:          files dns\n");
  }

  @Test
  void onAHealthyMachineNothingIsWrong() {
    assertThat(look()).allMatch(each -> each.grade() == Grade.OK);
    assertThat(what("port")).containsExactly("127.0.0.1:53 is free, over UDP and TCP");
    assertThat(what("reach"))
        .containsExactly("192.0.2.53:53 over UDP: 17 ms", "192.0.2.53:53 over TCP: 17 ms");
    assertThat(what("size")).containsExactly("192.0.2.53:53: 1139 octets came over UDP");
    assertThat(what("clock")).containsExactly("2026-11-25T12:00:00Z: signatures agree");
    assertThat(what("resolv.conf"))
        .containsExactly("/etc/resolv.conf, an ordinary file, names this resolver");
  }

  @ParameterizedTest
  @CsvSource({
    "systemd-resolve, 0::/system.slice/systemd-resolved.service, DNSStubListener=no",
    "dnsmasq, 0::/system.slice/dnsmasq.service, systemctl disable --now dnsmasq.service",
    "unbound, 0::/, systemctl disable --now unbound.service",
    "named, 0::/system.slice/bind9.service, systemctl disable --now bind9.service",
    "coredns, 0::/system.slice/my-dns.service, systemctl disable --now my-dns.service",
    "strange, 0::/user.slice/user@1000.service, kill 4711"
  })
  void whoHoldsThePortIsNamedAndHowToFreeIt(String name, String group, String fix)
      throws IOException {
    holder(4711, name, "/usr/sbin/" + name, group);
    Finding port = only("port");
    assertThat(port.grade()).isEqualTo(Grade.FAIL);
    assertThat(port.what()).isEqualTo("127.0.0.1:53 over UDP is held by " + name + " (pid 4711)");
    assertThat(port.fix()).contains(fix);
  }

  @Test
  void dnsmasqOfNetworkManagerIsNoUnitOfItsOwn() throws IOException {
    holder(4711, "dnsmasq", "dnsmasq --conf-dir=/etc/NetworkManager/dnsmasq.d", "0::/");
    assertThat(only("port").fix()).contains("dns=default").contains("restart NetworkManager");
  }

  @Test
  void ourOwnDaemonIsNoTroubleAndItsLimitsCount() throws IOException {
    holder(4711, "java", "java -cp lib/* resolver.cli.Main serve", "0::/");
    write("proc/4711/limits", "Max open files            1024                 1024      files\n");
    assertThat(only("port")).isEqualTo(Finding.ok("port", "127.0.0.1:53: resolve serve, pid 4711"));
    assertThat(only("files").grade()).isEqualTo(Grade.WARN);
    assertThat(only("files").what()).startsWith("the daemon may open 1024 files");
    assertThat(only("files").fix()).contains("LimitNOFILE=2024");
  }

  /** As a package has it: systemd opens the port and passes it on. */
  @Test
  void theDaemonBehindASocketUnitIsNoTroubleAndItsLimitsCount() throws IOException {
    holder(1, "systemd", "/sbin/init", "0::/init.scope");
    write("usr/lib/systemd/system/resolver.socket", "ListenDatagram=127.0.0.1:53\n");
    holder(4711, "java", "java -cp lib/* resolver.cli.Main serve", "0::/");
    write("proc/4711/limits", "Max open files            1024                 1024      files\n");
    assertThat(only("port")).isEqualTo(Finding.ok("port", "127.0.0.1:53: resolve serve, pid 4711"));
    assertThat(only("files").what()).startsWith("the daemon may open 1024 files");
  }

  @Test
  void aSocketUnitIsNamedAndSystemdIsNotKilled() throws IOException {
    holder(1, "systemd", "/sbin/init", "0::/init.scope");
    assertThat(only("port"))
        .isEqualTo(
            Finding.fail(
                "port",
                "127.0.0.1:53 over UDP is held by systemd (pid 1) for a socket unit",
                "systemctl list-sockets\nsystemctl disable --now NAME.socket"));
    write("lib/systemd/system/other-dns.socket", "[Socket]\nListenStream = 127.0.0.1:53\n");
    write("lib/systemd/system/distant.socket", "[Socket]\nListenDatagram=127.0.0.1:5353\n");
    assertThat(only("port").what()).endsWith("for other-dns.socket");
    assertThat(only("port").fix()).endsWith("systemctl disable --now other-dns.socket");
    write("etc/systemd/system/every.socket", "[Socket]\nListenDatagram=53\n");
    assertThat(only("port").what()).endsWith("for every.socket or other-dns.socket");
    assertThat(only("port").fix()).endsWith("systemctl disable --now NAME.socket");
  }

  @Test
  void ourOwnSocketUnitWaitsForTheDaemon() throws IOException {
    holder(1, "systemd", "/sbin/init", "0::/init.scope");
    write("usr/lib/systemd/system/resolver.socket", "[Socket]\nListenDatagram=127.0.0.1:53\n");
    assertThat(only("port").grade()).isEqualTo(Grade.WARN);
    assertThat(only("port").fix()).startsWith("systemctl start resolver.service");
  }

  @Test
  void theFirstProcessOfAContainerIsNotKilled() throws IOException {
    holder(1, "strange", "/strange", "0::/");
    assertThat(only("port").grade()).isEqualTo(Grade.FAIL);
    assertThat(only("port").fix()).startsWith("Set server.listen").doesNotContain("kill");
  }

  @Test
  void aHolderThatIsNotOursToSeeIsForRoot() throws IOException {
    write("proc/net/udp", SOCKETS + row());
    assertThat(only("port").grade()).isEqualTo(Grade.WARN);
    assertThat(only("port").fix()).isEqualTo("sudo resolve doctor");
  }

  @Test
  void aServerThatIsOurselvesIsNotAsked() {
    List<Finding> findings = look("127.0.0.1:53", "192.0.2.53");
    assertThat(findings)
        .anyMatch(
            each ->
                each.grade() == Grade.FAIL
                    && each.what().contains("127.0.0.1:53 of upstream.servers is this resolver"));
    assertThat(servers.asked).isNotEmpty().noneMatch(asked -> asked.contains("127.0.0.1"));
  }

  @Test
  void whereTheSystemNamesUsAloneThereIsNobodyToAsk() {
    Finding upstream = find(look("auto"), "upstream");
    assertThat(upstream.grade()).isEqualTo(Grade.FAIL);
    assertThat(upstream.what()).contains("/etc/resolv.conf names this resolver alone");
    assertThat(upstream.fix()).contains("upstream.servers = [");
    assertThat(servers.asked).isEmpty();
  }

  @Test
  void whereTheSystemNamesUsTheListOfSystemdIsTaken() throws IOException {
    write("run/systemd/resolve/resolv.conf", "nameserver 127.0.0.99\n");
    Finding upstream = find(look("auto"), "upstream");
    assertThat(upstream.grade()).isEqualTo(Grade.OK);
    assertThat(upstream.what()).startsWith("127.0.0.99:53, of ");
    assertThat(servers.asked).contains("UDP 127.0.0.99:53", "TCP 127.0.0.99:53");
  }

  @Test
  void systemdResolvedThatAsksUsIsALoop() throws IOException {
    write("run/systemd/resolve/resolv.conf", "nameserver 127.0.0.1\n");
    assertThat(look("127.0.0.53"))
        .anyMatch(each -> each.grade() == Grade.FAIL && each.what().endsWith("in turn: a loop"));
  }

  @ParameterizedTest
  @CsvSource({
    "nameserver 192.0.2.1;nameserver 127.0.0.1, not this resolver first",
    "nameserver 127.0.0.1;nameserver 192.0.2.1, which programs ask when it is late",
    "'# nothing', names no server",
  })
  void whereProgramsAskOthersItIsTold(String file, String what) throws IOException {
    write("etc/resolv.conf", file.replace(';', '\n') + "\n");
    Finding found = only("resolv.conf");
    assertThat(found.grade()).isEqualTo(Grade.WARN);
    assertThat(found.what()).contains(what);
    assertThat(found.fix()).isEqualTo("printf 'nameserver 127.0.0.1\\n' > /etc/resolv.conf");
  }

  @Test
  void whereNothingElseTellsWhomToAskItsServersAreKeptFirst() throws IOException {
    write(
        "etc/resolv.conf", "nameserver 127.0.0.98\nnameserver 127.0.0.1\nnameserver 127.0.0.99\n");
    String name = "printf 'nameserver 127.0.0.1\\n' > /etc/resolv.conf";
    assertThat(find(look("auto"), "resolv.conf").fix().lines())
        .containsExactly(
            "Nothing else tells whom to ask, so first set"
                + " upstream.servers = [\"127.0.0.98\", \"127.0.0.99\"]",
            "resolve reload",
            name);
    assertThat(only("resolv.conf").fix()).as("servers are named").isEqualTo(name);
    write("run/NetworkManager/no-stub-resolv.conf", "nameserver 127.0.0.98\n");
    assertThat(find(look("auto"), "resolv.conf").fix()).as("told elsewhere").isEqualTo(name);
  }

  @Test
  void whereItIsInstalledResolverUseDoesTheWork() throws IOException {
    write("etc/resolv.conf", "# Generated by NetworkManager\nnameserver 127.0.0.98\n");
    write("usr/sbin/resolver-use", "");
    assertThat(only("resolv.conf").fix()).isEqualTo("resolver-use on");
    assertThat(find(look("auto"), "resolv.conf").fix())
        .contains("upstream.servers = [\"127.0.0.98\"]")
        .endsWith("\nresolver-use on");
  }

  @Test
  void theStubOfSystemdIsRecognised() throws IOException {
    write("run/systemd/resolve/stub-resolv.conf", "nameserver 127.0.0.53\n");
    Files.delete(root.resolve("etc/resolv.conf"));
    Files.createSymbolicLink(
        root.resolve("etc/resolv.conf"), Path.of("../run/systemd/resolve/stub-resolv.conf"));
    Finding found = only("resolv.conf");
    assertThat(found.what()).contains("kept by systemd-resolved for its own stub listener");
    assertThat(found.fix()).startsWith("rm /etc/resolv.conf\n");
  }

  @Test
  void nsswitchMayKeepNamesFromDns() throws IOException {
    write("etc/nsswitch.conf", "passwd: files\nhosts: files\n");
    assertThat(only("nsswitch").grade()).isEqualTo(Grade.FAIL);
    write("etc/nsswitch.conf", "hosts: files resolve [!UNAVAIL=return] dns\n");
    assertThat(only("nsswitch").grade()).as("nobody listens there").isEqualTo(Grade.OK);
    write("run/systemd/resolve/io.systemd.Resolve", "");
    assertThat(only("nsswitch").grade()).isEqualTo(Grade.WARN);
  }

  @Test
  void aServerWithoutAWayIsTold() {
    hasRoute = address -> address.getAddress().getAddress().length == 4;
    List<Finding> findings = look("192.0.2.53", "2001:db8::53");
    assertThat(findings)
        .filteredOn(each -> each.topic().equals("route"))
        .last()
        .isEqualTo(
            Finding.warn(
                "route",
                "no way leads to [2001:db8::53]:53",
                "Set IPv6 up, or take this server out of upstream.servers"));
  }

  @Test
  void aTransportThatIsClosedIsAWarningAndAllAreAFailure() {
    servers.deafOver = "TCP";
    assertThat(find(look(), "reach").grade()).isEqualTo(Grade.OK);
    assertThat(what("reach")).contains("192.0.2.53:53 over TCP: silent for 2s over TCP");
    assertThat(look()).noneMatch(each -> each.grade() == Grade.FAIL);
    servers.deafOver = "TCP UDP";
    assertThat(look())
        .anyMatch(each -> each.grade() == Grade.FAIL && each.what().equals("no server responds"));
  }

  @Test
  void largeResponsesThatDoNotComeAreTold() {
    servers.largeOverUdp = false;
    Finding size = only("size");
    assertThat(size.grade()).isEqualTo(Grade.WARN);
    assertThat(size.fix()).isEqualTo("Set upstream.udp-size = 512");
  }

  @Test
  void aServerThatRefusesIsTold() {
    servers.rcode = Rcode.REFUSED;
    assertThat(what("reach")).anyMatch(each -> each.endsWith("but it answers REFUSED"));
  }

  @Test
  void encryptedServersAreAskedAsTheDaemonAsks() {
    look("tls://192.0.2.53#dns.example");
    assertThat(servers.asked).containsExactly("TLS tls://192.0.2.53#dns.example");
  }

  @Test
  void theClockIsHeldAgainstTheBuildAndSignatures() {
    now = Instant.parse("2020-01-01T00:00:00Z");
    assertThat(only("clock").grade()).isEqualTo(Grade.FAIL);
    now = Instant.parse("2027-06-01T00:00:00Z");
    assertThat(only("clock").grade()).isEqualTo(Grade.WARN);
    assertThat(only("clock").what()).contains("a signature of . is valid from 2026-11-20");
  }

  @Test
  void aSmallReceiveQueueIsTold() throws IOException {
    write("proc/sys/net/core/rmem_max", "212992\n");
    Finding queue = only("queue");
    assertThat(queue.grade()).isEqualTo(Grade.WARN);
    assertThat(queue.fix()).contains("net.core.rmem_max = 8388608");
  }

  @Test
  void doubtsAboutTheSettingsAreTold() {
    Loaded loaded =
        SettingsLoader.load(
            null,
            List.of(
                new Flag("--listen", "server.listen", List.of("192.0.2.200:53")),
                new Flag("--upstream", "upstream.servers", List.of("192.0.2.53"))));
    assertThat(doctor().look(loaded))
        .anyMatch(each -> each.grade() == Grade.WARN && each.topic().equals("settings"));
  }

  private List<String> what(String topic) {
    return look().stream().filter(each -> each.topic().equals(topic)).map(Finding::what).toList();
  }

  private Finding only(String topic) {
    List<Finding> found = look().stream().filter(each -> each.topic().equals(topic)).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static Finding find(List<Finding> findings, String topic) {
    return findings.stream().filter(each -> each.topic().equals(topic)).findFirst().orElseThrow();
  }

  private List<Finding> look() {
    return look("192.0.2.53");
  }

  private List<Finding> look(String... upstream) {
    servers.asked.clear();
    return doctor()
        .look(
            SettingsLoader.load(
                null,
                List.of(
                    new Flag("--listen", "server.listen", List.of("127.0.0.1:53")),
                    new Flag("--upstream", "upstream.servers", List.of(upstream)))));
  }

  private Doctor doctor() {
    return new Doctor(root, servers, address -> hasRoute.test(address), now, BUILT);
  }

  /** Has a process hold the port over UDP, beside those that do already. */
  private void holder(int pid, String name, String command, String group) throws IOException {
    write("proc/net/udp", SOCKETS + row());
    String process = "proc/" + pid + "/";
    write(process + "comm", name + "\n");
    write(process + "cmdline", command.replace(' ', '\0'));
    write(process + "cgroup", group + "\n");
    Files.createDirectories(root.resolve(process + "fd"));
    Files.createSymbolicLink(root.resolve(process + "fd/7"), Path.of("socket:[77]"));
  }

  /** A UDP socket on 127.0.0.1, port 53; in the order of a little-endian processor. */
  private static String row() {
    return "   1: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 77\n";
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    Files.writeString(path, text);
  }
}

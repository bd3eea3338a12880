package resolver.server;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import resolver.clock.Ticker;
import resolver.net.Sockets;
import resolver.policy.AnswerRules;
import resolver.policy.LocalRules;
import resolver.query.QueryObserver;
import resolver.query.QueryTap;
import resolver.query.Transport;
import resolver.settings.Addresses;

/**
 * Everything that takes queries: for each address one UDP socket on every event loop, and one TCP
 * listener whose connections are spread over the loops; and sockets that were passed to this
 * process, as many as they are.
 *
 * <p>A wildcard address is each address of the machine, and {@link #follow} keeps up with those
 * that come and go. {@link #use} changes the addresses.
 *
 * <p>At the stop, a passed UDP socket is read no more at once, and what comes waits in it for the
 * process that gets it next.
 *
 * <p>Any thread may open, change, follow and close, but no event loop.
 */
public final class Listeners implements AutoCloseable {
  /** The longest query taken over TCP in octets; a longer frame ends its connection. */
  static final int MAX_QUERY = 4096;

  private static final int FREE_PORT_TRIES = 10;

  /** The sockets of one address, with its real port. */
  private record Opened(InetSocketAddress real, List<Channel> udp, List<Channel> tcp) {
    void close() {
      Stream.concat(udp.stream(), tcp.stream())
          .forEach(channel -> channel.close().awaitUninterruptibly());
    }
  }

  private final Doors doors;
  private final EventLoopGroup group;
  private final boolean oneLoop;
  private final Map<InetSocketAddress, Opened> open = new LinkedHashMap<>();
  private final Map<PassedSocket, Channel> passed = new LinkedHashMap<>();
  private final Wildcards wildcards = new Wildcards();
  private volatile List<InetSocketAddress> addresses = List.of();
  private boolean closed;

  private Listeners(Doors doors, EventLoopGroup group, boolean oneLoop) {
    this.doors = doors;
    this.group = group;
    this.oneLoop = oneLoop;
  }

  /**
   * Ready to listen, and on no address yet.
   *
   * @param gate who may ask
   * @param localRules what is answered without asking
   * @param answerRules what may be answered
   * @param tap is told of single queries
   */
  public static Listeners create(
      ServerSettings settings,
      Sockets sockets,
      EventLoopGroup group,
      Ticker ticker,
      QueryObserver observer,
      ClientGate gate,
      LocalRules localRules,
      AnswerRules answerRules,
      Sources sources,
      QueryTap tap) {
    QueryService.Parts parts =
        new QueryService.Parts(
            gate,
            localRules,
            answerRules,
            sources,
            new WaitingClients(settings.waitingPerClient()),
            ticker,
            observer,
            tap,
            settings);
    Doors doors = new Doors(settings, sockets, group, ticker, observer, parts);
    return new Listeners(doors, group, sockets == Sockets.NIO);
  }

  /**
   * Takes over sockets that were passed to this process. Those of one address go to different event
   * loops. Comes once, before any other address.
   *
   * @throws CannotListen where one of them cannot be had; {@link #close} gives back the others
   */
  public synchronized void adopt(List<PassedSocket> sockets) throws CannotListen {
    List<EventLoop> loops = new ArrayList<>();
    group.forEach(loop -> loops.add((EventLoop) loop));
    List<PassedSocket> byAddress = new ArrayList<>(sockets);
    byAddress.sort(
        (one, other) ->
            Addresses.format(one.address()).compareTo(Addresses.format(other.address())));
    int next = 0;
    for (PassedSocket socket : byAddress) {
      if (socket.transport() == Transport.UDP) {
        passed.put(socket, doors.udp(socket, loops.get(next++ % loops.size())));
      } else {
        passed.put(socket, doors.tcp(socket));
      }
    }
    noteAddresses();
  }

  /**
   * Listens on these addresses from now on, and no more on others but those of passed sockets. What
   * stays is not touched. Where passed sockets take queries of an address, none is opened beside
   * them.
   *
   * @return whether anything has changed
   * @throws CannotListen where one of them cannot be had; then everything is as before
   */
  public synchronized boolean use(List<InetSocketAddress> next) throws CannotListen {
    if (closed) {
      return false;
    }
    List<InetSocketAddress> before = addresses;
    List<InetSocketAddress> wanted = LocalAddresses.expand(next);
    Map<InetSocketAddress, Opened> more = new LinkedHashMap<>();
    try {
      for (InetSocketAddress address : wanted) {
        if (!open.containsKey(address)) {
          more.put(address, listen(address));
        }
      }
    } catch (CannotListen | RuntimeException e) {
      more.values().forEach(Opened::close);
      throw e;
    }
    open.putAll(more);
    for (InetSocketAddress address : List.copyOf(open.keySet())) {
      if (!wanted.contains(address)) {
        Objects.requireNonNull(open.remove(address)).close();
      }
    }
    wildcards.use(next);
    noteAddresses();
    return !before.equals(addresses);
  }

  private void noteAddresses() {
    Set<InetSocketAddress> all = new LinkedHashSet<>();
    passed.keySet().forEach(socket -> all.add(socket.address()));
    open.values().forEach(opened -> all.add(opened.real()));
    addresses = List.copyOf(all);
  }

  /** The addresses that are listened on, with their real ports. */
  public List<InetSocketAddress> addresses() {
    return addresses;
  }

  /** How an address is listened on, for people. */
  public synchronized String describe(InetSocketAddress address) {
    long udp = passedOf(address, Transport.UDP);
    if (udp + passedOf(address, Transport.TCP) == 0) {
      return "UDP and TCP";
    }
    List<String> words = new ArrayList<>();
    if (udp > 0) {
      words.add(udp == 1 ? "UDP passed" : udp + " times UDP passed");
    }
    if (passedOf(address, Transport.TCP) > 0) {
      words.add("TCP passed");
    }
    for (Opened own : open.values()) {
      if (own.real().equals(address) && !own.udp().isEmpty()) {
        words.add("UDP");
      }
      if (own.real().equals(address) && !own.tcp().isEmpty()) {
        words.add("TCP");
      }
    }
    return String.join(", ", words);
  }

  private long passedOf(InetSocketAddress address, Transport transport) {
    return passed.keySet().stream()
        .filter(socket -> socket.transport() == transport && socket.address().equals(address))
        .count();
  }

  /**
   * Listens on the addresses of wildcards that the machine has got since, and no more on those that
   * it has lost. One that cannot be had is tried again at the next call, and told once. While the
   * machine does not tell its addresses, everything stays as it is.
   *
   * @return whether anything has changed
   */
  public boolean follow() {
    return follow(LocalAddresses::known);
  }

  /** The same, where the machine tells its addresses so; empty while it does not. */
  synchronized boolean follow(Supplier<Optional<List<InetAddress>>> machine) {
    if (closed || !wildcards.follow(machine, open, this::listen, Opened::close)) {
      return false;
    }
    List<InetSocketAddress> before = addresses;
    noteAddresses();
    return !before.equals(addresses);
  }

  /** The smallest receive queue that the kernel granted a UDP socket, in octets. */
  public long receiveQueue() {
    return doors.receiveQueue();
  }

  /** How many TCP connections are open. */
  public int connections() {
    return doors.count();
  }

  /**
   * Takes no more queries over TCP connections that are yet to come, nor over passed UDP sockets;
   * after a turn of each event loop, none of those is read any more. Other UDP goes on until
   * closed.
   */
  public synchronized void stopAccepting() {
    closed = true;
    passed.forEach(
        (socket, channel) -> {
          if (socket.transport() == Transport.UDP) {
            channel.config().setAutoRead(false);
          } else {
            channel.close().awaitUninterruptibly();
          }
        });
    open.values()
        .forEach(opened -> opened.tcp().forEach(tcp -> tcp.close().awaitUninterruptibly()));
  }

  /** Closes every socket and waits until they are closed. */
  @Override
  public synchronized void close() {
    closed = true;
    passed.values().forEach(channel -> channel.close().awaitUninterruptibly());
    open.values().forEach(Opened::close);
    doors.closeConnections();
  }

  private Opened listen(InetSocketAddress address) throws CannotListen {
    CannotListen last = null;
    int tries = address.getPort() == 0 ? FREE_PORT_TRIES : 1;
    for (int i = 0; i < tries; i++) {
      try {
        return listenOnce(address);
      } catch (CannotListen e) {
        last = e;
      }
    }
    throw Objects.requireNonNull(last);
  }

  private Opened listenOnce(InetSocketAddress address) throws CannotListen {
    boolean udpIsThere = passedOf(address, Transport.UDP) > 0;
    boolean tcpIsThere = passedOf(address, Transport.TCP) > 0;
    InetSocketAddress real = probe(address, !udpIsThere, !tcpIsThere);
    Opened opened = new Opened(real, new ArrayList<>(), new ArrayList<>());
    try {
      if (!udpIsThere) {
        for (EventExecutor loop : group) {
          opened.udp().add(doors.udp(real, (EventLoop) loop));
          if (oneLoop) {
            break;
          }
        }
      }
      if (!tcpIsThere) {
        opened.tcp().add(doors.tcp(real));
      }
    } catch (CannotListen | RuntimeException e) {
      opened.close();
      throw e;
    }
    return opened;
  }

  /**
   * Takes the address for a moment without sharing it: a second daemon would otherwise get a part
   * of the first one's queries, in silence.
   *
   * @return the address, with a free port in place of zero
   */
  private static InetSocketAddress probe(InetSocketAddress address, boolean udp, boolean tcp)
      throws CannotListen {
    InetSocketAddress real = address;
    if (udp) {
      try (DatagramChannel channel = DatagramChannel.open()) {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, false);
        channel.bind(address);
        real = (InetSocketAddress) channel.getLocalAddress();
      } catch (IOException | UnsupportedAddressTypeException e) {
        throw CannotListen.on(real, Transport.UDP, e);
      }
    }
    if (tcp) {
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(real);
      } catch (IOException e) {
        throw CannotListen.on(real, Transport.TCP, e);
      }
    }
    return new InetSocketAddress(address.getAddress(), real.getPort());
  }
}

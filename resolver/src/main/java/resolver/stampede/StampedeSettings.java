package resolver.stampede;

import java.time.Duration;
import resolver.settings.Checks;

/**
 * How the crowd is made up and how it asks.
 *
 * @param molecule which clients belong together
 * @param together how many molecules ask at the same instant; 100,000 clients at most
 * @param rounds how often, each time for a fresh name, 1 to 100,000
 * @param warmUps rounds before those, which are not counted, 0 to 1,000
 * @param sockets how many UDP sockets the clients of a round share at most: 1 or more, and enough
 *     for all on one to have IDs of their own
 * @param stay whether the same clients ask in every round; else each round has clients of its own,
 *     who take their turn one molecule after another
 * @param timeout how long a client waits for its answer, 100 ms to 60 s
 * @param seed decides IDs, spelling and whom faults befall
 * @param ownSpelling whether each client spells the name in its own mixture of capital and small
 *     letters
 * @param asksAgain whether a UDP client without an answer asks again every second, as a stub does
 */
public record StampedeSettings(
    Molecule molecule,
    int together,
    int rounds,
    int warmUps,
    int sockets,
    boolean stay,
    Duration timeout,
    long seed,
    boolean ownSpelling,
    boolean asksAgain) {
  /** How many clients may ask at once. */
  public static final int MOST_CLIENTS = 100_000;

  /** How many rounds there may be; what was seen of each is kept to the end. */
  public static final int MOST_ROUNDS = 100_000;

  /** How many clients may share a UDP socket: as many as there are IDs. */
  public static final int MOST_ON_A_SOCKET = 1 << 16;

  /** Checks the ranges. */
  public StampedeSettings {
    Checks.range("clients", (long) molecule.size() * together, 1, MOST_CLIENTS);
    Checks.range("rounds", rounds, 1, MOST_ROUNDS);
    Checks.range("warm-up", warmUps, 0, 1000);
    int udp = molecule.udp() * together;
    Checks.range("sockets", sockets, leastSockets(udp), MOST_CLIENTS);
    Checks.range("timeout", timeout, Duration.ofMillis(100), Duration.ofMinutes(1));
    if (!stay) {
      Checks.range("clients", (long) molecule.size() * together * rounds, 1, MOST_CLIENTS);
    }
  }

  /** How few UDP sockets will do for so many clients. */
  public static int leastSockets(int udpClients) {
    return Math.max(1, (udpClients + MOST_ON_A_SOCKET - 1) / MOST_ON_A_SOCKET);
  }

  /** How many clients ask at the same instant. */
  public int clientsPerRound() {
    return molecule.size() * together;
  }

  /** How many UDP clients ask at the same instant. */
  public int udpPerRound() {
    return molecule.udp() * together;
  }

  /** How many UDP sockets are open at once. */
  public int udpSockets() {
    return Math.min(udpPerRound(), sockets);
  }

  /** How many TCP clients ask at the same instant. */
  public int tcpPerRound() {
    return molecule.tcp() * together;
  }
}

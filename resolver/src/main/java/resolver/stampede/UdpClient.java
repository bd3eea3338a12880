package resolver.stampede;

import resolver.query.Transport;

/** A client that asks over UDP, and again like a stub resolver where no answer comes. */
final class UdpClient extends Client {
  private final UdpSocket socket;
  private final int member;

  UdpClient(Desk desk, UdpSocket socket, long number, int turns) {
    super(desk, Transport.UDP, number, turns);
    this.socket = socket;
    this.member = socket.join();
  }

  @Override
  void prepare() {
    socket.open(this::arrive);
  }

  /** A random place for the round's first, odd steps from there: no two are the same. */
  @Override
  char chooseId(long bitsOfRound, long bits) {
    int step = (int) (bitsOfRound >>> 16) | 1;
    char id = (char) (bitsOfRound + (long) step * member);
    socket.listen(id, this);
    return id;
  }

  @Override
  void send() {
    socket.send(this);
  }

  @Override
  void ended(char id) {
    socket.ignore(id);
  }

  @Override
  boolean isLossy() {
    return true;
  }

  @Override
  void close() {
    socket.leave();
  }
}

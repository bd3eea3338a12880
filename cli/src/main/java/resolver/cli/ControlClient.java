package resolver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to a running daemon over its control socket, and the reply: JSON objects as they come.
 * Belongs to one thread; another one may close it, which ends the reply.
 */
final class ControlClient implements AutoCloseable {
  private static final String ERROR = "error";

  private final Path path;
  private final SocketChannel channel;
  private final BufferedReader in;

  private ControlClient(Path path, SocketChannel channel) {
    this.path = path;
    this.channel = channel;
    this.in = new BufferedReader(Channels.newReader(channel, UTF_8));
  }

  /**
   * Puts a request.
   *
   * @param words the name of a command of the daemon's, and its arguments
   * @throws ControlFailure where no daemon listens, or it may not be spoken to
   */
  static ControlClient ask(Path path, List<String> words) {
    SocketChannel channel = connect(path);
    ControlClient client = new ControlClient(path, channel);
    try {
      ByteBuffer request = UTF_8.encode(new Gson().toJson(words) + "\n");
      while (request.hasRemaining()) {
        channel.write(request);
      }
    } catch (IOException e) {
      // A daemon that is busy says so without reading first: the reply tells.
    }
    return client;
  }

  /**
   * Puts a request whose reply is one object.
   *
   * @throws ControlFailure where there is none
   */
  static JsonObject one(Path path, List<String> words) {
    try (ControlClient client = ask(path, words)) {
      JsonObject reply = client.next();
      if (reply == null) {
        throw client.brokenOff("it said nothing");
      }
      return reply;
    }
  }

  private static SocketChannel connect(Path path) {
    try {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.connect(UnixDomainSocketAddress.of(path));
        return channel;
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw ControlFailure.noDaemon(path, e, Files.exists(path));
    }
  }

  /**
   * The next object of the reply; waits for it.
   *
   * @return null at the end
   * @throws ControlFailure where the daemon tells of an error, or breaks off
   */
  @Nullable JsonObject next() {
    JsonObject object;
    try {
      String line = in.readLine();
      if (line == null) {
        return null;
      }
      object = JsonParser.parseString(line).getAsJsonObject();
    } catch (IOException | JsonParseException | IllegalStateException e) {
      throw brokenOff(String.valueOf(e.getMessage()));
    }
    if (object.has(ERROR) && object.has("exitCode")) {
      throw new ControlFailure(object.get(ERROR).getAsString(), object.get("exitCode").getAsInt());
    }
    return object;
  }

  private ControlFailure brokenOff(String why) {
    return new ControlFailure(
        "the daemon at " + path + " broke off its reply: " + why + " (look at its log)",
        ExitCode.NO_REPLY);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing is lost: the reply was read, or is not wanted any more.
    }
  }
}

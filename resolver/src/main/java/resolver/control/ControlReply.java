package resolver.control;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.function.BooleanSupplier;

/**
 * What is said in reply to a request: JSON objects, a line each. Belongs to the thread of the
 * request.
 */
public final class ControlReply {
  private final Writer out;
  private final BooleanSupplier open;
  private boolean midway;

  /** Writes what stands between the braces of an object. */
  public interface Body {
    /** Writes names and values. */
    void write(JsonWriter json) throws IOException;
  }

  /**
   * A reply.
   *
   * @param out takes the lines; throws where the client does not
   * @param open whether the client is still there
   */
  public ControlReply(Writer out, BooleanSupplier open) {
    this.out = out;
    this.open = open;
  }

  /**
   * Writes an object, and has it sent.
   *
   * @throws IOException where the client has left, or does not read
   */
  public void object(Body body) throws IOException {
    midway = true;
    JsonWriter json = new JsonWriter(out);
    json.beginObject();
    body.write(json);
    json.endObject();
    json.flush();
    endLine();
  }

  /** Whether the client is still there: for replies that go on until it leaves. */
  public boolean isOpen() {
    return open.getAsBoolean();
  }

  /** Tells that the request is not met, also where an object was begun. */
  void error(String message, int exitCode) throws IOException {
    if (midway) {
      endLine();
    }
    object(json -> json.name("error").value(message).name("exitCode").value(exitCode));
  }

  private void endLine() throws IOException {
    out.write('\n');
    out.flush();
    midway = false;
  }
}

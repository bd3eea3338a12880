package resolver.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.xbill.DNS.Record;
import resolver.query.Question;
import resolver.wire.ResponseImage;

/** From images of responses back to messages. */
public final class Images {
  private static final int HEADER = 12;

  private Images() {}

  /**
   * The octets of a message with a question and the records of an image, their TTLs counted down.
   *
   * @param age in seconds
   */
  public static byte[] octets(Question question, ResponseImage image, int age) {
    return octets(QueryRenderer.questionRecord(question), image, age);
  }

  /** The same, with the question in a spelling of one's own. */
  static byte[] octets(Record question, ResponseImage image, int age) {
    byte[] name = question.getName().toWire();
    ByteBuf whole = Unpooled.buffer(HEADER + name.length + 4 + image.length());
    whole.writeInt(0).writeShort(1);
    whole.writeShort(image.answers());
    whole.writeShort(image.authorities());
    whole.writeShort(image.additionals());
    whole.writeBytes(name).writeShort(question.getType()).writeShort(question.getDClass());
    image.writeTo(whole, age);
    byte[] octets = new byte[whole.readableBytes()];
    whole.readBytes(octets);
    return octets;
  }
}

package resolver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;

/** Pins schema 1: where one of these fails, a script of a user fails, too. */
class JsonOutputTest {
  @Test
  void anAnswerHasAllFields() {
    Reply reply = Replies.answer("example.org.", "A", "example.org. 300 IN A 192.0.2.1");

    assertThat(json(0, reply))
        .isEqualTo(
            """
            {"schema":1,"name":"example.org.","exitCode":0,"replies":[{\
            "question":{"name":"example.org.","type":"A","typeNumber":1,"class":"IN"},\
            "outcome":"answer",\
            "source":{"kind":"daemon","where":"127.0.0.1:5300","note":""},\
            "milliseconds":12.000,"problem":"",\
            "response":{"status":"NOERROR","rcode":0,"transport":"udp","octets":77,\
            "flags":{"aa":false,"tc":false,"rd":true,"ra":true,"ad":false,"cd":false},\
            "answer":[{"name":"example.org.","type":"A","typeNumber":1,"class":"IN",\
            "ttl":300,"data":"192.0.2.1","octets":"c0000201"}],\
            "authority":[],"additional":[],\
            "negativeTtl":null,"extendedErrors":[]}}]}""");
  }

  @Test
  void aFailureTellsItsExtendedErrorsAndHidesTheOptRecord() {
    Reply reply =
        Replies.failure(
            "example.org.", "A", Rcode.SERVFAIL, new ExtendedErrorCodeOption(22, "nobody\n\u00e9"));

    assertThat(json(3, reply))
        .contains(
            "\"exitCode\":3", "\"outcome\":\"failure\"", "\"status\":\"SERVFAIL\",\"rcode\":2")
        .contains("\"additional\":[]")
        .contains(
            "\"extendedErrors\":[{\"code\":22,\"meaning\":\"no reachable authority\","
                + "\"text\":\"nobody\\n\\u00e9\"}]");
  }

  @Test
  void negativeAnswersTellHowLongTheyHold() {
    assertThat(json(0, Replies.negative("nope.example.org.", "A", Rcode.NXDOMAIN)))
        .contains("\"outcome\":\"nxdomain\"", "\"negativeTtl\":60", "\"type\":\"SOA\"");
    assertThat(json(0, Replies.negative("example.org.", "MX", Rcode.NOERROR)))
        .contains("\"outcome\":\"nodata\"", "\"negativeTtl\":60");
  }

  @Test
  void noReplyHasNoResponseAndSaysWhy() {
    assertThat(json(9, Replies.none("example.org.", "A")))
        .contains(
            "\"outcome\":\"no-reply\"",
            "\"milliseconds\":5000.000,\"problem\":\"silent for 5s over UDP\",\"response\":null}]}");
  }

  @Test
  void thisProcessHasNoTransport() {
    Reply reply = Replies.answer("example.org.", "A", "example.org. 300 IN A 192.0.2.1");
    Source process = Source.process("upstream 192.0.2.53:53", "no daemon at 127.0.0.1:5300");

    assertThat(json(0, Replies.from(process, "", reply)))
        .contains(
            "\"source\":{\"kind\":\"process\",\"where\":\"upstream 192.0.2.53:53\","
                + "\"note\":\"no daemon at 127.0.0.1:5300\"}",
            "\"transport\":null");
    assertThat(json(0, Replies.from(Source.server("192.0.2.53:53"), "TCP after truncation", reply)))
        .contains("\"source\":{\"kind\":\"server\"", "\"transport\":\"tcp\"");
  }

  @Test
  void stringsAreAsciiWhateverTheyHold() {
    String odd = "\"\\/\b\u0000\u007f\t\u20ac\ud83d\ude00\u2028";

    assertThat(new JsonWriter().value(odd).toString())
        .isEqualTo("\"\\\"\\\\/\\u0008\\u0000\\u007f\\t\\u20ac\\ud83d\\ude00\\u2028\"");
  }

  @Test
  void everyCommaIsInItsPlace() {
    String text =
        new JsonWriter()
            .beginObject()
            .key("a")
            .beginArray()
            .endArray()
            .key("b")
            .beginArray()
            .value(1)
            .value(true)
            .nothing()
            .beginObject()
            .endObject()
            .beginObject()
            .key("c")
            .thousandths(1005)
            .endObject()
            .endArray()
            .endObject()
            .toString();

    assertThat(text).isEqualTo("{\"a\":[],\"b\":[1,true,null,{},{\"c\":1.005}]}");
  }

  private static String json(int code, Reply reply) {
    Name name = reply.question().getName();
    return JsonOutput.of(name, List.of(reply), code);
  }
}

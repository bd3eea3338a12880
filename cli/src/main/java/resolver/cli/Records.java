package resolver.cli;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;

/** Records in words. Nothing here throws, however odd the data. */
final class Records {
  private Records() {}

  static String name(Name name) {
    return Safe.text(name.toString());
  }

  /** The data as in a zone file; octet by octet (RFC 3597) where it has no better form. */
  static String data(Record record) {
    try {
      if (record instanceof AAAARecord v6) {
        return address(v6.getAddress());
      }
      if (record instanceof TXTRecord txt) {
        return quoted(txt.getStringsAsByteArrays());
      }
      return Safe.text(record.rdataToString());
    } catch (RuntimeException e) {
      String hex = hex(record);
      return "\\# " + hex.length() / 2 + " " + hex;
    }
  }

  /** As RFC 5952 wants it. */
  private static String address(InetAddress address) {
    String text = NetUtil.toAddressString(address);
    return address instanceof Inet6Address ? text : "::ffff:" + text;
  }

  /** Every string in quotes, so that one cannot be taken for two. */
  private static String quoted(List<byte[]> strings) {
    StringBuilder text = new StringBuilder();
    for (byte[] string : strings) {
      text.append(text.isEmpty() ? "\"" : " \"");
      for (byte octet : string) {
        if (octet == '"' || octet == '\\') {
          text.append('\\').append((char) octet);
        } else if (octet < 0x20 || octet == 0x7f) {
          text.append(String.format("\\%03d", octet & 0xff));
        } else {
          text.append((char) octet);
        }
      }
      text.append('"');
    }
    return text.toString();
  }

  /** The data's octets without name compression; empty where they cannot be had. */
  static String hex(Record record) {
    try {
      return HexFormat.of().formatHex(record.rdataToWireCanonical());
    } catch (RuntimeException e) {
      return "";
    }
  }

  /** The mnemonic, or RCODE and its number. */
  static String rcode(int rcode) {
    try {
      return Rcode.string(rcode);
    } catch (RuntimeException e) {
      return "RCODE" + rcode;
    }
  }

  /** The extended errors of a response (RFC 8914). */
  static List<ExtendedErrorCodeOption> extendedErrors(Message response) {
    OPTRecord opt = response.getOPT();
    return opt == null
        ? List.of()
        : opt.getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR).stream()
            .filter(ExtendedErrorCodeOption.class::isInstance)
            .map(ExtendedErrorCodeOption.class::cast)
            .toList();
  }

  /** What IANA calls an extended error, such as {@code no reachable authority}. */
  static String meaning(ExtendedErrorCodeOption error) {
    String mnemonic = ExtendedErrorCodeOption.text(error.getErrorCode());
    if (mnemonic == null || mnemonic.startsWith("EDE")) {
      return "not registered";
    }
    return mnemonic
        .toLowerCase(Locale.ROOT)
        .replace('_', ' ')
        .replace("dnssec", "DNSSEC")
        .replace("dnskey", "DNSKEY")
        .replace("rrsig", "RRSIG")
        .replace("nsec", "NSEC")
        .replace("nxdomain", "NXDOMAIN")
        .replace(" dns ", " DNS ");
  }

  /** The text of an extended error; empty where it has none. */
  static String text(ExtendedErrorCodeOption error) {
    String text = error.getText();
    return text == null ? "" : text;
  }
}

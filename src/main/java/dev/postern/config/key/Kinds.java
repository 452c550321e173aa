package dev.postern.config.key;

import dev.postern.config.DataSize;
import dev.postern.config.ListenAddress;
import dev.postern.config.Secret;
import dev.postern.net.AddressRange;
import dev.postern.net.Endpoint;
import dev.postern.net.HostName;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The kinds of values.
public final class Kinds {
  /// `10s`, `1m30s`, `500ms`, or a bare number of seconds
  public static final Kind<Duration> DURATION = Kind.scalar("a duration", GoDuration::parse);

  /// `64MiB`, `64MB`, or a bare number of bytes
  public static final Kind<DataSize> SIZE = Kind.scalar("a size", Kinds::size);

  /// a whole number
  public static final Kind<Integer> INTEGER = Kind.scalar("a whole number", Kinds::integer);

  /// a decimal number
  public static final Kind<Double> SHARE = Kind.scalar("a number", Kinds::number);

  /// a path, which need not exist
  public static final Kind<Path> PATH = Kind.scalar("a path", Kinds::path);

  /// `:9000`, `127.0.0.1:9000`, `[::1]:9000`
  public static final Kind<ListenAddress> ADDRESS = Kind.scalar("an address", Kinds::address);

  /// scheme, host and port
  public static final Kind<Endpoint> URL = Kind.scalar("a URL", UpstreamUrl::parse);

  /// scheme, host and port, and a path
  public static final Kind<Endpoint> URL_WITH_PATH =
      Kind.scalar("a URL", UpstreamUrl::parseWithPath);

  /// scheme, host and port; ws means http and wss means https
  public static final Kind<Endpoint> WEBSOCKET_URL =
      Kind.scalar("a URL", UpstreamUrl::parseWebsocket);

  /// 36 characters in the usual form
  public static final Kind<String> UUID = Kind.scalar("a UUID", Kinds::uuid);

  /// Go's spellings of true and false
  public static final Kind<Boolean> BOOLEAN =
      new Kind<>("true or false", Kind.Shape.BOOLEAN, false, Kinds::bool);

  /// a section that is enabled by naming it
  public static final Kind<Boolean> SWITCH =
      new Kind<>("a section", Kind.Shape.SWITCH, false, Kinds::bool);

  /// a secret without spaces
  public static final Kind<Secret> SECRET =
      new Kind<>("a secret text", Kind.Shape.SCALAR, true, Kinds::secret);

  /// the file that contains such a secret
  public static final Kind<Secret> SECRET_FILE =
      new Kind<>(
          "the path of a file", Kind.Shape.SCALAR, true, text -> secretFile(text, Kinds::secret));

  /// a secret that may contain spaces, such as the value of an `Authorization` header
  public static final Kind<Secret> HEADER_SECRET =
      new Kind<>("a secret text", Kind.Shape.SCALAR, true, Kinds::headerSecret);

  /// the file that contains such a secret
  public static final Kind<Secret> HEADER_SECRET_FILE =
      new Kind<>(
          "the path of a file",
          Kind.Shape.SCALAR,
          true,
          text -> secretFile(text, Kinds::headerSecret));

  /// the user name for basic auth
  public static final Kind<String> USERNAME = Kind.scalar("a user name", Kinds::username);

  /// addresses and CIDR ranges
  public static final Kind<List<String>> IP_RANGES =
      list("a list of addresses and CIDR ranges", Kinds::addressRange);

  /// host names and addresses, and names whose first label is `*`
  public static final Kind<List<String>> DOMAINS =
      list("a list of host names and addresses", Kinds::certificateName);

  /// one host name or address, such as a TLS server name
  public static final Kind<HostName> HOST_NAME = Kind.scalar("a host name", Kinds::hostName);

  /// paths
  public static final Kind<List<String>> PATHS =
      list("a list of paths", text -> path(text).toString());

  /// the name of an HTTP header
  public static final Kind<String> HEADER_NAME = Kind.scalar("a header name", Kinds::headerName);

  private static String addressRange(String text) throws BadValueException {
    try {
      AddressRange _ = AddressRange.parse(text);
      return text;
    } catch (IllegalArgumentException e) {
      throw BadValueException.of(text, String.valueOf(e.getMessage()));
    }
  }

  private static final Pattern SIZE_TEXT = Pattern.compile("(\\d+) ?([A-Za-z]*)");
  private static final Map<String, Long> SIZE_UNITS =
      Map.of(
          "",
          1L,
          "b",
          1L,
          "kb",
          1_000L,
          "mb",
          1_000_000L,
          "gb",
          1_000_000_000L,
          "kib",
          1L << 10,
          "mib",
          1L << 20,
          "gib",
          1L << 30);
  private static final Pattern ADDRESS_TEXT = Pattern.compile("(\\[[^]]*]|[^:]*):(\\d{1,5})");
  private static final Pattern UUID_TEXT =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern DECIMAL = Pattern.compile("[+-]?\\d{1,20}(\\.\\d{1,20})?");
  private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "True", "TRUE");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "False", "FALSE");

  private Kinds() {}

  /// One of several constants, written in any case.
  ///
  /// @param constants each constant by its spelling
  public static <E extends Enum<E>> Kind<E> oneOf(Map<String, E> constants) {
    return oneOf("one of " + names(constants), constants);
  }

  /// One of several constants that are too many to list in a message.
  ///
  /// @param noun describes them together
  /// @param constants each constant by its spelling
  public static <E extends Enum<E>> Kind<E> oneOf(String noun, Map<String, E> constants) {
    return Kind.scalar(
        noun,
        text -> {
          for (var constant : constants.entrySet()) {
            if (constant.getKey().equalsIgnoreCase(text)) {
              return constant.getValue();
            }
          }
          throw BadValueException.of(text, "is not known; known: " + names(constants));
        });
  }

  private static String names(Map<String, ?> constants) {
    return constants.keySet().stream().sorted().collect(Collectors.joining(", "));
  }

  /// A list whose elements are checked by the given parser and kept as written.
  private static Kind<List<String>> list(String noun, Kind.Parser<String> element) {
    return new Kind<>(
        noun,
        Kind.Shape.LIST,
        false,
        text -> {
          var elements = new ArrayList<String>();
          for (String part : items(text)) {
            elements.add(element.parse(part));
          }
          return List.copyOf(elements);
        });
  }

  private static List<String> items(String text) {
    return Stream.of(text.split(",", -1)).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  private static boolean bool(String text) throws BadValueException {
    if (TRUE.contains(text) || FALSE.contains(text)) {
      return TRUE.contains(text);
    }
    throw BadValueException.of(text, "is not a boolean; write true or false");
  }

  private static int integer(String text) throws BadValueException {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException _) {
      throw BadValueException.of(text, "is not a whole number below 2147483648");
    }
  }

  private static double number(String text) throws BadValueException {
    if (!DECIMAL.matcher(text).matches()) {
      throw BadValueException.of(text, "is not a decimal number such as 0.8");
    }
    return new BigDecimal(text).doubleValue();
  }

  private static DataSize size(String text) throws BadValueException {
    Matcher matcher = SIZE_TEXT.matcher(text);
    Long unit = matcher.matches() ? SIZE_UNITS.get(Words.lower(matcher.group(2))) : null;
    if (unit == null) {
      throw BadValueException.of(
          text, "is not a size; write 64MiB, 512KiB, 1GiB, 64MB or a bare number of bytes");
    }
    BigInteger bytes = new BigInteger(matcher.group(1)).multiply(BigInteger.valueOf(unit));
    if (bytes.bitLength() > 62) {
      throw BadValueException.of(text, "is too large");
    }
    return new DataSize(bytes.longValueExact());
  }

  private static HostName hostName(String text) throws BadValueException {
    return HostName.of(text)
        .orElseThrow(() -> BadValueException.of(text, "is neither a host name nor an address"));
  }

  private static String certificateName(String text) throws BadValueException {
    HostName _ = hostName(text.startsWith("*.") ? text.substring(2) : text);
    return text;
  }

  private static String uuid(String text) throws BadValueException {
    if (!UUID_TEXT.matcher(text).matches()) {
      throw BadValueException.of(
          text, "is not a UUID; write it as 6c0d3c62-0000-4000-8000-000000000001");
    }
    return Words.lower(text);
  }

  private static String headerName(String text) throws BadValueException {
    if (!TOKEN.matcher(text).matches()) {
      throw BadValueException.of(text, "is not a valid header name");
    }
    return text;
  }

  private static Path path(String text) throws BadValueException {
    try {
      return Path.of(text);
    } catch (InvalidPathException _) {
      throw BadValueException.of(text, "is not a path");
    }
  }

  private static ListenAddress address(String text) throws BadValueException {
    Matcher matcher = ADDRESS_TEXT.matcher(text);
    if (!matcher.matches()) {
      throw BadValueException.of(
          text, "is not an address; write :9000, 127.0.0.1:9000 or [::1]:9000");
    }
    int port = Integer.parseInt(matcher.group(2));
    if (port > 65_535) {
      throw BadValueException.of(text, "has a port above 65535");
    }
    String host = matcher.group(1);
    if (host.isEmpty()) {
      return new ListenAddress("", port);
    }
    HostName name = HostName.inUrl(host).orElse(null);
    if (name == null) {
      throw BadValueException.of(
          text,
          host.startsWith("[")
              ? "has no IPv6 address between its brackets"
              : "is not an address; write :9000, 127.0.0.1:9000 or [::1]:9000");
    }
    return new ListenAddress(name.text(), port);
  }

  private static Secret secret(String text) throws BadValueException {
    if (!text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new BadValueException(
          "must consist of visible ASCII characters on one line, because it is sent in a header");
    }
    return new Secret(text);
  }

  private static Secret headerSecret(String text) throws BadValueException {
    if (!text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
      throw new BadValueException(
          "must consist of visible ASCII characters and spaces on one line, because it is sent in a"
              + " header");
    }
    return new Secret(text);
  }

  private static String username(String text) throws BadValueException {
    if (!text.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != ':')) {
      throw BadValueException.of(
          text, "is not a user name: visible ASCII characters and spaces without a colon");
    }
    return text;
  }

  private static Secret secretFile(String text, Kind.Parser<Secret> parser)
      throws BadValueException {
    String name = text.startsWith("/") ? Words.quote(text) : "the file (relative path not shown)";
    String content;
    try {
      content = Files.readString(Path.of(text)).replaceFirst("(\\r?\\n)+\\z", "");
    } catch (InvalidPathException | IOException e) {
      throw new BadValueException(name + " cannot be read: " + Unreadable.whyProvided(e));
    }
    if (content.isEmpty()) {
      throw new BadValueException(name + " is empty; write the secret into it");
    }
    try {
      return parser.parse(content);
    } catch (BadValueException e) {
      throw new BadValueException("the secret in " + name + " " + e.sentence());
    }
  }
}

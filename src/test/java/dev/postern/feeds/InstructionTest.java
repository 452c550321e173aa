package dev.postern.feeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InstructionTest {
  private static final Instruction ALL = new Instruction.SessionsEnd();
  private static final Instruction OTHER = new Instruction.Other();
  private static final Instruction UNREADABLE = new Instruction.Unreadable();

  static Stream<Arguments> messages() {
    return Stream.of(
        arguments(
            "{\"instruction\":4,\"args\":{\"type\":\"event.session.end\",\"session_id\":\"s1\"}}",
            new Instruction.SessionEnd("s1")),
        arguments(
            "{\"instruction\":4,\"args\":{\"session_id\":\"s1\"}}",
            new Instruction.SessionEnd("s1")),
        arguments(
            "{\"instruction\":3,\"args\":{\"sub_type\":\"logout\",\"session_id\":\"s1\"}}",
            new Instruction.SessionEnd("s1")),
        arguments("{\"instruction\":4,\"args\":{\"session_id\":\"\"}}", ALL),
        arguments("{\"instruction\":4,\"args\":{\"session_id\":null}}", ALL),
        arguments("{\"instruction\":4,\"args\":{\"session_id\":7}}", ALL),
        arguments("{\"instruction\":4,\"args\":{}}", ALL),
        arguments("{\"instruction\":4,\"args\":null}", ALL),
        arguments("{\"instruction\":4}", ALL),
        arguments("{\"instruction\":3,\"args\":{\"sub_type\":\"logout\"}}", ALL),
        arguments(
            "{\"instruction\":3,\"args\":{\"sub_type\":\"else\",\"session_id\":\"s\"}}", OTHER),
        arguments("{\"instruction\":3,\"args\":{}}", OTHER),
        arguments("{\"instruction\":2,\"args\":{}}", new Instruction.Update()),
        arguments("{\"instruction\":2}", new Instruction.Update()),
        arguments("{\"instruction\":0,\"args\":{}}", OTHER),
        arguments("{\"instruction\":1,\"args\":{}}", OTHER),
        arguments("{\"instruction\":5,\"args\":{}}", OTHER),
        arguments("{\"instruction\":-4,\"args\":{}}", OTHER),
        arguments("{\"instruction\":99999999999999999999,\"args\":{}}", OTHER),
        arguments("{\"instruction\":\"4\",\"args\":{\"session_id\":\"s1\"}}", UNREADABLE),
        arguments("{\"instruction\":4.5}", UNREADABLE),
        arguments("{\"args\":{\"session_id\":\"s1\"}}", UNREADABLE),
        arguments("{}", UNREADABLE),
        arguments("[]", UNREADABLE),
        arguments("null", UNREADABLE),
        arguments("4", UNREADABLE),
        arguments("\"x\"", UNREADABLE),
        arguments("", UNREADABLE),
        arguments("{\"instruction\":4", UNREADABLE),
        arguments("<html>", UNREADABLE),
        arguments("[".repeat(60_000), UNREADABLE),
        arguments("{\"instruction\":" + "1".repeat(60_000) + "}", UNREADABLE));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void read_message_saysWhatItMeans(String text, Instruction meaning) {
    assertThat(Instruction.read(text)).isEqualTo(meaning);
  }
}

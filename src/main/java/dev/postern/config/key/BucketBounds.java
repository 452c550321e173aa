package dev.postern.config.key;

import java.util.ArrayList;
import java.util.List;

/// Upper bounds of histogram buckets.
public final class BucketBounds {
  /// `0.1`, `0.3`, `1.2`, `5`
  public static final Kind<List<Double>> KIND =
      new Kind<>("a list of numbers", Kind.Shape.LIST, false, BucketBounds::parse);

  private static final int MAX_BUCKETS = 100;

  private BucketBounds() {}

  private static List<Double> parse(String text) throws BadValueException {
    var bounds = new ArrayList<Double>();
    for (String part : text.split(",", -1)) {
      String one = part.strip();
      double bound = Kinds.SHARE.parser().parse(one);
      if (bound <= 0 || (!bounds.isEmpty() && bound <= bounds.getLast())) {
        throw BadValueException.of(
            one, "is out of order; write seconds above 0 in ascending order");
      }
      bounds.add(bound);
    }
    if (bounds.size() > MAX_BUCKETS) {
      throw new BadValueException("must be at most " + MAX_BUCKETS + " bounds");
    }
    return List.copyOf(bounds);
  }
}

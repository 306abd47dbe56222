package storyloom.jobs.chart;

import java.awt.Font;
import java.awt.Graphics;
import java.awt.Shape;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import org.apache.batik.svggen.DOMGroupManager;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Element;

/**
 * Batik's painting into SVG, but that letters stay letters, of whatever font of its kind a browser
 * has, as wide as those by which the picture was laid out.
 */
final class LetteredSvg extends SVGGraphics2D {

  private final Lettering lettering;

  LetteredSvg(SVGGeneratorContext context, Lettering lettering) {
    super(context, false);
    this.lettering = lettering;
  }

  private LetteredSvg(LetteredSvg other) {
    super(other);
    lettering = other.lettering;
  }

  @Override
  public Graphics create() {
    return new LetteredSvg(this);
  }

  @Override
  public void fill(Shape shape) {
    Optional<Lettering.Text> text = lettering.read(shape, getFont(), getFontRenderContext());
    if (text.isEmpty()) {
      super.fill(shape);
    } else if (text.get().turn() == 0) {
      drawString(text.get().words(), 0, 0);
    } else {
      AffineTransform before = getTransform();
      rotate(text.get().turn());
      drawString(text.get().words(), 0, 0);
      setTransform(before);
    }
  }

  @Override
  public void drawString(String words, float x, float y) {
    if (words.isBlank()) {
      return;
    }
    Element text = getDOMFactory().createElementNS(SVG_NAMESPACE_URI, SVG_TEXT_TAG);
    text.setAttributeNS(null, SVG_X_ATTRIBUTE, written(x));
    text.setAttributeNS(null, SVG_Y_ATTRIBUTE, written(y));
    text.setAttributeNS(null, SVG_TEXT_LENGTH_ATTRIBUTE, written(width(words, getFont())));
    text.setAttributeNS(null, SVG_LENGTH_ADJUST_ATTRIBUTE, SVG_SPACING_AND_GLYPHS_VALUE);
    text.setTextContent(words);
    domGroupManager.addElement(text, DOMGroupManager.FILL);
  }

  private float width(String words, Font font) {
    return new TextLayout(words, font, getFontRenderContext()).getAdvance();
  }

  private static String written(float number) {
    return new BigDecimal(number)
        .setScale(Svg.DECIMALS, RoundingMode.HALF_EVEN)
        .stripTrailingZeros()
        .toPlainString();
  }
}

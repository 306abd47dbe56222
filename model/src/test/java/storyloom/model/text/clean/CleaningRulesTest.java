package storyloom.model.text.clean;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule by itself; ⏎ stands for a line break and ␣ for a space at either end. */
class CleaningRulesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Tom &amp; Ann &gt; all          | Tom & Ann > all",
        "&amp;amp;lt;                    | <",
        "caf&eacute; &#233; &#xE9;       | café é é",
        "AT&T; R&B &unknown;             | AT&T; R&B &unknown;",
        "a <b>bold</b> <i class='x'>man  | a bold man",
        "one<br/>two<p>three             | one⏎two⏎three",
        "a <del>b</del> <text>c</text>   | a ⏎b⏎ c",
        "<dialog>a</dialog> <search> b   | <dialog>a</dialog> <search> b",
        "I <3 you, a < b, <end> <Clank>  | I <3 you, a < b, <end> <Clank>",
        "<I can hear you,> it said. a<b>c | <I can hear you,> it said. a<b>c",
        "<Time left: 3 hours> x <b then y> | <Time left: 3 hours> x <b then y>",
        "<Menu> <A HREF='u'>x</A> <br /> <u>y</u> | <Menu> x ⏎ y",
        "seen <!-- hidden --> again      | seen  again"
      })
  void htmlBecomesPlainText(String raw, String clean) {
    assertRule(new HtmlRule(), raw, clean);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "see https://a.org/b?c=d, then          | see , then",
        "[my tale](http://a.org/x_(y)) ends     | my tale ends",
        "![picture](http://a.org/p.png 'x')     | ![picture]( 'x')",
        "[tale](/r/stories \"title\") ends      | tale ends",
        "so (www.a.org) it went                 | so  it went",
        "some [wolves] (http://a.org/w.png) came | some wolves came",
        "the list [1] (of many)                  | the list [1] (of many)",
        "[[PC] The wolf](http://a.org/w) ends   | [PC] The wolf ends",
        "It was.⏎**[Part 1](/r/a/1), [Part 2](/r/a/2)**⏎[Imgur](http://i.org/x.jpg)⏎It is. | It was.⏎⏎⏎It is.",
        "read blog.site.com/tales/1. It is good | read . It is good",
        "a site called site.com is no link      | a site called site.com is no link",
        "array[1](2) stays                      | array[1](2) stays"
      })
  void addressesVanishAndTheWordsOfLinksStay(String raw, String clean) {
    assertRule(new UrlsRule(), raw, clean);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a *soft* and **loud** and ***wild*** _word_ | a soft and loud and wild word",
        "*so he cried: you a*$(hole, f($* you!        | *so he cried: you a*$(hole, f($* you!",
        "5 * 3 and f*ck and snake_case_name          | 5 * 3 and f*ck and snake_case_name",
        "some*thing* *un*believable f*ck*ng           | something unbelievable f*ck*ng",
        "*it began⏎and ended*                        | it began⏎and ended",
        "## Part 1⏎> said he⏎* first⏎+ second        | Part 1⏎said he⏎first⏎second",
        "one⏎* * *⏎two⏎-----⏎three                   | one⏎⏎two⏎⏎three",
        "#1 of 3                                     | #1 of 3",
        "~~struck~~ `code` not\\_marked\\*           | struck code not_marked*",
        "word^TM ^^(small) ^_^                       | wordTM (small) ^_^",
        "```java⏎code⏎``` and ```more```             | ⏎code⏎ and more",
        "- Who is it?                                | - Who is it?"
      })
  void markdownLosesItsMarks(String raw, String clean) {
    assertRule(new MarkdownRule(), raw, clean);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        "“Yes,” she said, ‘no’ — it’s…    | \"Yes,\" she said, 'no' -- it's...",
        "``Yes,'' he said. ''No!''        | \"Yes,\" he said. \"No!\"",
        "word—word and word - word        | word -- word and word -- word",
        "well-known 10–20                 | well-known 10-20",
        "wait . . . what!!!!!!! why?????? | wait ... what!!! why???",
        "no....... =======                | no... ===",
        "don`t                            | don't"
      })
  void punctuationIsPlainAscii(String raw, String clean) {
    assertRule(new PunctuationRule(), raw, clean);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        "I did n't know it 's you            | I didn't know it's you",
        "He walked home . Then , he slept !  | He walked home. Then, he slept!",
        "\" Yes , \" he said . \" No \"      | \"Yes,\" he said. \"No\"",
        "( so it goes )                      | (so it goes)",
        "miles ,before $20 ,000              | miles, before $20,000",
        "He slept.Then he woke,got up!Yes he | He slept. Then he woke, got up! Yes he",
        "so...then U.S.A. 3.5                | so... then U.S.A. 3.5",
        "TL;DR and tl;dr but all;dry         | TL;DR and tl;dr but all; dry",
        "I smile :) and frown :( so          | I smile :) and frown :( so",
        "the 'special' one                   | the 'special' one",
        "I'm gon na go                       | I'm gonna go",
        "5 % of $ 3                          | 5% of $3"
      })
  void splitTextIsJoined(String raw, String clean) {
    assertRule(new JoinsRule(), raw, clean);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "One. <newline> <newline> Two.<newline>Three. | One.⏎Two.⏎Three.",
        "⏎␣␣one   two␣⏎␣⏎␣three␣                     | one two⏎three",
        "<newline>                                    | ''"
      })
  void layoutIsOneSpaceOrOneLineBreak(String raw, String clean) {
    assertRule(new WhitespaceRule(), raw, clean);
  }

  @ParameterizedTest
  @CsvSource({
    "zero\u200Bwidth\uFEFF, zerowidth",
    "no\u00A0break\u2003\u3000space, no break  space",
    "a\u0085b\u2028c\u000Bd, a b c d",
    "bell\u0007 soft\u00ADhyphen, bell softhyphen",
    "half\uD800 damaged\uFFFD, half damaged",
    "\uD83D\uDC68\u200D\uD83D\uDCBB, \uD83D\uDC68\u200D\uD83D\uDCBB"
  })
  void whatNoReaderSeesVanishes(String raw, String clean) {
    assertRule(new InvisibleRule(), raw, clean);
  }

  @Test
  void aCarriageReturnIsALineBreakAndATabASpace() {
    assertThat(new InvisibleRule().apply("a\r\nb\tc\fd")).isEqualTo("a\n\nb c d");
  }

  @ParameterizedTest
  @CsvSource({"cafe\u0301, caf\u00E9", "a\u0337\u0321\u0350b, ab", "plain, plain"})
  void accentsAreComposedAndPilesOfThemVanish(String raw, String clean) {
    assertRule(new UnicodeRule(), raw, clean);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[ WP ] A dragon wakes.              | A dragon wakes.",
        "[EU] [Meta] - A dragon wakes.       | A dragon wakes.",
        "A dragon wakes (PICS)               | A dragon wakes",
        "A dragon wakes. [Fan Fiction] (long) | A dragon wakes.",
        "[ME/FR] A light in the hall         | A light in the hall",
        "(Update 2) The hall [x-post from r/nosleep] | The hall",
        "The hall (Part 2 of 3)              | The hall",
        "{Short Story} The hall [500 words]  | The hall",
        "[Me] The hall (crosspost with r/nosleep) | The hall",
        "[2.27] The hall [C#13]              | The hall",
        "[MALE] wakes [FEMALE]               | [MALE] wakes [FEMALE]",
        "The hall (her brother)              | The hall (her brother)",
        "He told [me]                        | He told [me]",
        "The [WP] hall                       | The [WP] hall",
        "A long (very long) night            | A long (very long) night",
        "[WP]                                | [WP]"
      })
  void tagsOfPromptsVanish(String raw, String clean) {
    assertRule(new TagsRule(), raw, clean);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        "He slept well that night.⏎EDIT: spelling⏎and more | He slept well that night.⏎",
        "He slept well that night.⏎Edit 2 - a word         | He slept well that night.⏎",
        "He slept well that night.⏎edited for clarity      | He slept well that night.⏎",
        "He slept well that night.⏎Tl; dr he slept         | He slept well that night.⏎",
        "He slept well that night.⏎(TLDR he slept)         | He slept well that night.⏎",
        "He slept well, all night. Edit: he did            | He slept well, all night.␣",
        "TL;DR: a nap⏎He slept well that night.            | ⏎He slept well that night.",
        "Edit: typos⏎He slept well that night.             | ⏎He slept well that night.",
        "She would edit: he would write.⏎They were happy.  | She would edit: he would write.⏎They were happy.",
        "Edit the film, he said.⏎Editors came.             | Edit the film, he said.⏎Editors came.",
        "A TL;DR is at the end. He slept.                  | A TL;DR is at the end. He slept.",
        "He slept well that night.⏎EDIT 2 & 3: a word      | He slept well that night.⏎",
        "He slept well that night.⏎Edit (June 3): he woke  | He slept well that night.⏎",
        "He slept well that night.⏎EDIT BAY 4 was empty.   | He slept well that night.⏎EDIT BAY 4 was empty.",
        "He slept well.⏎\"EDIT: he dies,\" she read. He left. | He slept well.⏎\"EDIT: he dies,\" she read. He left.",
        "He slept.⏎TL;DR: he slept⏎And then he rose, and went to town, and met a bear there."
            + "| He slept.⏎⏎And then he rose, and went to town, and met a bear there.",
        "It said: \"You live. TL;DR: you die.\" He wept.     | It said: \"You live. TL;DR: you die.\" He wept.",
        "It began. TL;DR: so they say. And then it never ended, not for him | It began. TL;DR: so they say. And then it never ended, not for him",
        "EDIT: nothing else                                | EDIT: nothing else"
      })
  void whatWasPutBehindAStoryVanishes(String raw, String clean) {
    assertRule(new TrailersRule(), raw, clean);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        "Author's note: be kind.⏎He slept.⏎All night.     | He slept.⏎All night.",
        "(Disclaimer)⏎Sorry for the formatting!⏎He slept.  | He slept.",
        "He slept.⏎Thanks so much for reading, all.        | He slept.",
        "He slept.⏎Feedback is very welcome.⏎-- /u/someone | He slept.",
        "He slept.⏎\"Thanks for reading to me,\" she said. | He slept.⏎\"Thanks for reading to me,\" she said.",
        "He woke.⏎Thanks for reading, he said.⏎He slept.   | He woke.⏎Thanks for reading, he said.⏎He slept.",
        "He woke.⏎Nothing ever happened in that house again, and I live there to this day with my"
            + " old dog and two cats. Sorry for the length. It is how it was."
            + "| He woke.⏎Nothing ever happened in that house again, and I live there to this day"
            + " with my old dog and two cats.",
        "Hey all,⏎I never posted this before.⏎He slept.⏎Any thoughts? | He slept.",
        "He slept.⏎So, has anyone else seen something like this? | He slept.",
        "He slept.⏎Is anyone else there? he asked.          | He slept.⏎Is anyone else there? he asked.",
        "Well reddit, here it is:⏎He slept.⏎Here's the link: | He slept.",
        "Hey there.⏎He posted it all.⏎Pictures of him remain. | Hey there.⏎He posted it all.⏎Pictures of him remain.",
        "He slept.⏎Hope you liked it, this is my first story! | He slept.",
        "He slept.⏎(I took a break from it. Any and all feedback is welcome.) | He slept.",
        "Hello everyone!⏎The parrot slept.⏎Photos.          | Hello everyone!⏎The parrot slept.⏎Photos.",
        "Note: I am a ghost.⏎He slept.⏎Let me know if you wake. | Note: I am a ghost.⏎He slept.⏎Let me know if you wake.",
        "He slept.⏎This sub is going down, the captain said. | He slept.⏎This sub is going down, the captain said.",
        "He slept.⏎I am sorry for all my mistakes.          | He slept.⏎I am sorry for all my mistakes.",
        "Thanks for reading!                               | Thanks for reading!",
        "He noted it down.⏎He slept.                       | He noted it down.⏎He slept."
      })
  void linesAboutThePostVanish(String raw, String clean) {
    assertRule(new NotesRule(), raw, clean);
  }

  @ParameterizedTest
  @CsvSource({
    "donâ€™t â€œgoâ€, don’t “go”",
    "cafÃ© dÃ©jÃ  vu â€” 5 Â£, café déjà vu — 5 £",
    "donât, don’t",
    "â˜ƒ ðŸ˜€ ï»¿x, ☃ 😀 ﻿x",
    "Ã¢â‚¬â„¢, â€™",
    "â Ã Â ï ð and Âme, â Ã Â ï ð and Âme",
    "«MAÇÃ» «LÂ», «MAÇÃ» «LÂ»",
    "MÃ¼ller SÃ£o CÃ©cile BÃ©la JOSÃ‰, Müller São Cécile Béla JOSÉ",
    "pâté naïve, pâté naïve"
  })
  void misreadUtf8IsRepairedWhereCertain(String raw, String clean) {
    assertRule(new MojibakeRule(), raw, clean);
  }

  private static void assertRule(CleaningRule rule, String raw, String clean) {
    String expected = clean.replace('⏎', '\n').replace('␣', ' ');
    assertThat(rule.apply(raw.replace('⏎', '\n').replace('␣', ' '))).isEqualTo(expected);
  }
}

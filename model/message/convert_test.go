package message

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTextToHTML(t *testing.T) {
	const in, want = "<a href=\"x\">\t'&amp;' \r\n",
		"&lt;a&nbsp;href=&quot;x&quot;&gt;&emsp;&apos;&amp;amp;&apos;&nbsp;\r<br/>"
	if got := convertFormat(t.Context(), "text", "html", in); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTextToMarkdown(t *testing.T) {
	for _, test := range [...]struct{ in, want string }{
		{"plain text", "plain text"},
		{`a_b*c`, `a\_b\*c`},
		{`C:\x`, `C:\\x`},
		{"1. <b> (x)", `1\. <b\> \(x\)`},
		{"a & b", "a & b"},
		{"&amp; &#38; &#x26; &é; &;", `\&amp; \&\#38; \&\#x26; &é; &;`},
		{"&" + strings.Repeat("a", 32) + ";", `\&` + strings.Repeat("a", 32) + ";"},
		{"&" + strings.Repeat("a", 33) + ";", "&" + strings.Repeat("a", 33) + ";"},
		{"&", "&"},
		{"&&lt;", `&\&lt;`},
	} {
		if got := convertFormat(t.Context(), "text", "markdown", test.in); got != test.want {
			t.Errorf("%q: got %q, want %q", test.in, got, test.want)
		}
	}
}

// The answers are those of Apprise's HTMLConverter on CPython 3.14.
func TestHTMLToText(t *testing.T) {
	for _, test := range [...]struct{ in, want string }{
		// Blocks and blanks.
		{"<p>1</p><p>2</p>", "1\n2"},
		{"<p>1</P><P>2</P>", "1\n2"},
		{"<div> a  <b>b</b>\n</div>c", "a b\nc"},
		{"a <b> b</b>", "a  b"},
		{"<p></p><p> </p>x", "x"},
		{"some<br/><br>more", "some\n\nmore"},
		{"x <hr>y", "x\n---\ny"},
		{"<hr/>", "---"},
		{"<p>x</p><hr>", "x\n---"},
		{"<ol><li>a<li>b</ol>", "- a\n- b"},
		{"<blockquote>q</blockquote>", ">q"},
		{"a\u00a0\u2028b\x1fc", "a b c"},
		// Hidden text, up to the next tag of any kind.
		{"<title>t</title>x", "x"},
		{"<ul>hidden<li>shown</ul>", "- shown"},
		{"<input value=x>hidden<b>shown", "shown"},
		{"<input value=x />shown", "shown"},
		{"<script>if (a<b) {'</p>'}</script>x", "x"},
		{"<textarea><b>hidden</b></textarea>x", "x"},
		// Raw elements show their tags.
		{"<xmp><b>&amp;</b></xmp>x", "<b>&amp;</b>x"},
		{"<plaintext></plaintext>", "</plaintext>"},
		{"<iframe>a</IFRAME >b", "ab"},
		{"<noembed>a</noembedx></noembed>", "a</noembedx>"},
		// Attributes.
		{`<a title="a > b" href='x>y'>z</a>`, "z"},
		{`<a b=c/d e = 'f' g>z</a>`, "z"},
		{"<b é=\"1\">z", "z"},
		{`x<a b="never closed>y`, "x"},
		{`x<a b'c=d>y`, "xy"},
		// What is no markup, and what never ends.
		{"1 < 2 > 1", "1 < 2 > 1"},
		{"a <", "a <"},
		{"<>", "<>"},
		{"a</>b</", "ab</"},
		{"a</ b>c</1>d", "acd"},
		{"a<b", "a"},
		{"a</b", "a"},
		{"x<!-- a > b -->y<!--z--!>!", "xy!"},
		{"x<!-->y", "xy"},
		{"x<!--->y", "xy"},
		{"x<!--y", "x"},
		{"x<!DOCTYPE html>y<!z>!", "xy!"},
		{"x<?php 1 ?>y", "xy"},
		{"x<![CDATA[a>b]]>y", "xy"},
		{"<p>1</><p>2</gar><p>3>", "1\n2\n3>"},
		{"<span></span<<span>test</span> <a href='#'>link</a>", "test link"},
	} {
		if got := convertFormat(t.Context(), "html", "text", test.in); got != test.want {
			t.Errorf("%q: got %q, want %q", test.in, got, test.want)
		}
	}
}

// The answers are those of Python's html.unescape.
func TestUnescapeHTML(t *testing.T) {
	for _, test := range [...]struct{ in, want string }{
		{"&amp;&lt;&gt;&quot;&apos;&nbsp;", "&<>\"'\u00a0"},
		{"q&a", "q&a"},
		{"&ampx &copy", "&x ©"},
		{"&notit; &notin;", "¬it; ∉"},
		{"&nosuch; &; &", "&nosuch; &; &"},
		{"&#65;&#x41;&#X41&#65", "AAAA"},
		{"&#; &#x; &#xg;", "&#; &#x; &#xg;"},
		{"&#0;&#xD800;&#x110000;&#99999999999999999999;", "\ufffd\ufffd\ufffd\ufffd"},
		{"&#128;&#150;&#129;", "€–\u0081"},
		{"a&#1;&#11;&#127;&#xFDD0;&#xFFFE;&#x1FFFF;b", "ab"},
		{"&#9;&#10;&#12;&#13;", "\t\n\f\r"},
		{"&CounterClockwiseContourIntegral;", "∳"},
	} {
		if got := unescapeHTML(test.in); got != test.want {
			t.Errorf("%q: got %q, want %q", test.in, got, test.want)
		}
	}
}

func TestHTMLToMarkdown(t *testing.T) {
	for _, test := range [...]struct{ in, want string }{
		{"plain & simple", "plain & simple"},
		{"<h2>T</h2><p>a <b>b</b> <em>c</em></p>", "## T\n\na **b** *c*"},
		{"<p>5 * 3</p>", `5 \* 3`},
		{"<a href='https://x.org/a_(b)'>l</a>", "[l](https://x.org/a_%28b%29)"},
		{"<ul><li>a</li><li>b</li></ul>", "- a\n- b"},
		{"<ol><li>a</li><li>b<ul><li>c</li></ul></li></ol>", "1. a\n2. b\n  - c"},
		{"<blockquote><p>q</p></blockquote>after", "> q\n\nafter"},
		{"x<hr>y", "x\n\n---\n\ny"},
		{"<code>a*b</code>", "`a*b`"},
		{"<pre>a\n  b</pre>", "```\na\n  b\n```"},
		{"<style>p{}</style>x", "x"},
		{"a<br>b", "a\\\nb"},
		{"</a></ul></pre></code></b>x", "x"},
	} {
		if got := convertFormat(t.Context(), "html", "markdown", test.in); got != test.want {
			t.Errorf("%q: got %q, want %q", test.in, got, test.want)
		}
	}
}

func TestMarkdownToHTML(t *testing.T) {
	for _, test := range [...]struct{ in, want string }{
		{"# T", "<h1>T</h1>"},
		{"a\nb", "<p>a<br />\nb</p>"},
		{"**b** <i>x</i>", "<p><strong>b</strong> <i>x</i></p>"},
		{"- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"},
		{"[l](https://x.org)", `<p><a href="https://x.org">l</a></p>`},
	} {
		if got := convertFormat(t.Context(), "markdown", "html", test.in); got != test.want {
			t.Errorf("%q: got %q, want %q", test.in, got, test.want)
		}
	}
	if got := convertFormat(t.Context(), "markdown", "html", "|a|\n|-|\n|b|"); !strings.Contains(got, "<td>b</td>") {
		t.Errorf("no table in %q", got)
	}
}

// What Apprise has no converter for stays as it is.
func TestNoConversion(t *testing.T) {
	const text = "# <b>&amp;</b> *x*"
	for _, pair := range [][2]string{{"text", "text"}, {"html", "html"}, {"markdown", "markdown"}, {"markdown", "text"}} {
		if got := convertFormat(t.Context(), pair[0], pair[1], text); got != text {
			t.Errorf("%v: got %q", pair, got)
		}
	}
}

// Nothing panics, text stays text, and markup that never ends costs no more
// than any other.
func FuzzConvert(f *testing.F) {
	for _, seed := range []string{"", "<p>a<b", "<a b='c' d>&#x41;</a>", "<!--", "</", "<script>",
		"# *a* `b` [c](d)", "<ul><li><pre><code>", "&&#;&#x", "\xff\xfe<\xff>"} {
		f.Add(seed)
	}
	formats := []string{"text", "html", "markdown"}
	f.Fuzz(func(t *testing.T, s string) {
		for _, from := range formats {
			for _, to := range formats {
				if got := convertFormat(t.Context(), from, to, s); utf8.ValidString(s) && !utf8.ValidString(got) {
					t.Errorf("%s to %s: %q gives invalid UTF-8 %q", from, to, s, got)
				}
			}
		}
		if text := htmlToText(s); strings.TrimFunc(text, isPythonSpace) != text {
			t.Errorf("%q gives the untrimmed %q", s, text)
		}
	})
}

/// How Sluice's pages look: light and dark, wide and narrow.
package enum PageStyle {
    /// The colors, headings and facts that all pages have.
    package static var shared: String { InspectionPage.style }
}

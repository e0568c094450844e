/// A self-contained HTML page: no network, no library, no font.
package struct Page {
    /// What the window is called, as text.
    package let title: String
    /// Styles besides those that all pages have.
    package let style: String
    /// What is to be seen, as markup.
    package let main: String
    /// The text below it, as markup; the name of the program comes before it.
    package let footer: String
    /// The invisible part of the page, as markup.
    package let scripts: String

    /// A page.
    package init(title: String, style: String, main: String, footer: String, scripts: String = "") {
        (self.title, self.style, self.main, self.footer, self.scripts) = (title, style, main, footer, scripts)
    }

    /// The file.
    package var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="generator" content="sluice \(SluiceVersion.current)">
        <title>\(Markup.escaped(title))</title>
        <style>
        \(Self.sharedStyle)
        \(style)
        </style>
        </head>
        <body>
        <main>
        \(main)
        <footer>Made by sluice \(SluiceVersion.current). \(footer)</footer>
        </main>
        \(scripts)
        </body>
        </html>

        """
    }
}

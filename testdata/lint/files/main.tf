# resource for xmpps://alice:p@ss@example.com
resource "kubernetes_secret" "xmpp" {
  data = {
    url = "xmpps://alice:${var.password}@${var.host}/bob?nmae=tf"
    raw = "xmpps://alice:p@ss@example.com/bob"
  }
}

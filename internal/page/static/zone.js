// Offers the time zone of this browser to an owner who has not chosen one. Without it she finds hers in the list.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
const offer = document.getElementById("zone-offer")
if (zone && zone !== "UTC") {
  const button = offer.querySelector("button")
  offer.elements.zone.value = zone
  button.textContent = button.dataset.text.replace("*", zone)
  offer.hidden = false
}

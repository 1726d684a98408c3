// Offers the time zone of this browser to an owner who has not chosen one. Without it she finds hers in the list.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
const offer = document.getElementById("zone-offer")
if (zone && zone !== "UTC") {
  offer.elements.zone.value = zone
  offer.querySelector("button").textContent = `Show times in ${zone}`
  offer.hidden = false
}

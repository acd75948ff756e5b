"""The addresses of a night on the road."""

from django.urls import path

from clinical.field import answering_views, handoff_views, phone_views, views

urlpatterns = [
    path("encounters/<uuid:encounter_id>/drafts/<slug:form>/", views.draft, name="draft"),
    path(
        "encounters/<uuid:encounter_id>/drafts/<slug:form>/throw-away/", views.throw_away, name="throw_away"
    ),
    path("windows/<uuid:window_id>/end/", views.end_window, name="end_window"),
    path("windows/<uuid:window_id>/again/", views.run_again, name="run_window_again"),
    path("watch/", views.check_in, name="check_in"),
    path("watch/begin/", views.begin_watch, name="begin_watch"),
    path("watch/end/", views.end_watch, name="end_watch"),
    path("watches/", answering_views.out_alone, name="out_alone"),
    path("watches/line/", answering_views.line, name="alarm_line"),
    path("watches/<int:watch_id>/reached/", answering_views.reached, name="reached"),
    path("referrals/<uuid:referral_id>/both-present/", handoff_views.both_present, name="both_present"),
    path(
        "referrals/<uuid:referral_id>/both-present/strike/", handoff_views.strike, name="strike_both_present"
    ),
    path("phones/", phone_views.phones, name="phones"),
    path("phones/<uuid:phone_id>/forget/", phone_views.forget, name="forget_phone"),
    path("phone/contact/", phone_views.contact, name="phone_contact"),
    path("phone/parcels/", phone_views.parcel, name="phone_parcel"),
    path("phone/orders/", phone_views.orders, name="phone_orders"),
    path("phone/worker.js", phone_views.worker, name="phone_worker"),
    path("phone/no-signal/", phone_views.no_signal, name="phone_no_signal"),
]
